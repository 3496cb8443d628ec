import { readPage } from '../../platform/cursor/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { readOperation, requireViewer } from '../../platform/operation/index.js';
import { readPreviews } from './links/read-previews.js';
import type { PostListDeps } from './list-posts-by-author.js';
import { presentPost } from './pipeline.js';
import { readPolls } from './polls/read-polls.js';
import { deletedPostsList } from './positions.js';
import { deletedPosts } from './queries/own-posts.js';
import { DeletedPostPage, OwnListInput } from './schema.js';
import { StoredPost } from './stored-post.js';

/** What the viewer has deleted and can restore, last deleted first. Two queries in one round trip, one for polls and one for links. */
export const listDeletedPosts = readOperation({
  name: 'listDeletedPosts',
  summary: 'The posts that you have deleted and can restore',
  access: 'user',
  input: OwnListInput,
  output: DeletedPostPage,
  async run({ cursors, identity }: Pick<PostListDeps, 'cursors' | 'identity'>, scope, { limit, cursor }) {
    const { userId } = requireViewer(scope);
    const [page, authors] = await Promise.all([
      readPage(cursors, {
        list: deletedPostsList(scope.tenant.id, userId),
        limit,
        cursor,
        fetch: ({ key, id }, count) =>
          scope.db.rows(deletedPosts, { viewerId: userId, beforeAt: key, beforeId: id, limit: count }),
        positionOf: ({ deletedAt, id }) => ({ key: deletedAt, id }),
      }),
      identity.usersByIds(scope, [userId]),
    ]);
    const author = authors.get(userId);
    if (author === undefined) throw platformErrors.unauthenticated();
    const posts = page.items.map(({ deletedAt, restorableUntil, likeCount, liked, ...row }) => ({
      stored: new StoredPost(scope.tenant.id, row),
      state: { id: row.id, updatedAt: row.updatedAt, likeCount, liked },
      deletedAt,
      restorableUntil,
    }));
    const contents = posts.map(({ stored }) => stored);
    const [polls, previews] = await Promise.all([readPolls(scope, contents), readPreviews(scope, contents)]);
    const items = posts.map(({ stored, state, deletedAt, restorableUntil }) => ({
      post: presentPost(scope, {
        stored,
        state,
        author,
        poll: polls.get(stored.id),
        preview: previews.get(stored.linkUrl),
      }),
      deletedAt,
      restorableUntil,
    }));
    return { items, nextCursor: page.nextCursor };
  },
});
