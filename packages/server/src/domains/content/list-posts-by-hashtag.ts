import { readPage } from '../../platform/cursor/index.js';
import { readOperation } from '../../platform/operation/index.js';
import type { PostListDeps } from './list-posts-by-author.js';
import { normaliseHashtag } from './parse-body.js';
import { authorIdsOf, hydratePosts, presentPage, withAuthors } from './pipeline.js';
import { hashtagList, positionOfPost } from './positions.js';
import { postsByHashtag } from './queries/posts.js';
import { HashtagListInput, PostPage } from './schema.js';

/**
 * Public posts with a hashtag, newest first. The query applies the rules itself, so that no page is short. Two
 * queries in two round trips (D19), and one in between for contents that are not in memory.
 */
export const listPostsByHashtag = readOperation({
  name: 'listPostsByHashtag',
  summary: 'Public posts with a hashtag, newest first',
  access: 'anyone',
  input: HashtagListInput,
  output: PostPage,
  async run(deps: Pick<PostListDeps, 'cursors' | 'identity' | 'posts'>, scope, { hashtag: given, limit, cursor }) {
    const hashtag = normaliseHashtag(given);
    if (hashtag === null) return { items: [], nextCursor: null };
    const viewerId = scope.viewer?.userId ?? null;
    const page = await readPage(deps.cursors, {
      list: hashtagList(scope.tenant.id, hashtag),
      limit,
      cursor,
      fetch: ({ key, id }, count) => {
        return scope.db.rows(postsByHashtag, { viewerId, hashtag, beforeAt: key, beforeId: id, limit: count });
      },
      positionOf: positionOfPost,
    });
    const posts = await hydratePosts(deps, scope, page.items);
    const authors = await deps.identity.usersByIds(scope, authorIdsOf(posts));
    return presentPage(scope, withAuthors(posts, authors), page.nextCursor);
  },
});
