import { readPage } from '../../platform/cursor/index.js';
import { readOperation } from '../../platform/operation/index.js';
import type { PostListDeps } from './list-posts-by-author.js';
import { normaliseHashtag } from './parse-body.js';
import { composePosts } from './pipeline.js';
import { hashtagList, positionOfPost } from './positions.js';
import { postsByHashtag } from './queries/posts.js';
import { HashtagListInput, PostPage } from './schema.js';

/**
 * Public posts with a hashtag, newest first. The query applies the rules itself, so that no page is short. Two
 * queries in two round trips (D19).
 */
export const listPostsByHashtag = readOperation({
  name: 'listPostsByHashtag',
  summary: 'Public posts with a hashtag, newest first',
  access: 'anyone',
  input: HashtagListInput,
  output: PostPage,
  async run(
    { cursors, identity }: Pick<PostListDeps, 'cursors' | 'identity'>,
    scope,
    { hashtag: given, limit, cursor },
  ) {
    const hashtag = normaliseHashtag(given);
    if (hashtag === null) return { items: [], nextCursor: null };
    const viewerId = scope.viewer?.userId ?? null;
    const page = await readPage(cursors, {
      list: hashtagList(scope.tenant.id, hashtag),
      limit,
      cursor,
      fetch: ({ key, id }, count) => {
        return scope.db.rows(postsByHashtag, { viewerId, hashtag, beforeAt: key, beforeId: id, limit: count });
      },
      positionOf: positionOfPost,
    });
    const authors = await identity.usersByIds(scope, [...new Set(page.items.map((row) => row.authorId))]);
    return { items: composePosts(scope, page.items, authors), nextCursor: page.nextCursor };
  },
});
