import { readPage } from '../../platform/cursor/index.js';
import { readOperation } from '../../platform/operation/index.js';
import type { PostListDeps } from './list-posts-by-author.js';
import { viewPost } from './pipeline.js';
import { likersList, positionOfLiker } from './positions.js';
import { likers } from './queries/likes.js';
import { LikerPage, LikersInput } from './schema.js';

/** The users who like a post, newest like first. Five queries in two round trips (D19), and one for a content that is not in memory. */
export const listLikers = readOperation({
  name: 'listLikers',
  summary: 'The users who like a post',
  access: 'anyone',
  input: LikersInput,
  output: LikerPage,
  async run(deps: PostListDeps, scope, { postId, limit, cursor }) {
    const readLikers = async () => {
      const page = await readPage(deps.cursors, {
        list: likersList(scope.tenant.id, postId),
        limit,
        cursor,
        fetch: ({ key, id }, count) => {
          const viewerId = scope.viewer?.userId ?? null;
          return scope.db.rows(likers, { postId, viewerId, beforeAt: key, beforeId: id, limit: count });
        },
        positionOf: positionOfLiker,
      });
      const users = await deps.identity.usersByIds(
        scope,
        page.items.map((entry) => entry.userId),
      );
      return { items: page.items.flatMap((entry) => users.get(entry.userId) ?? []), nextCursor: page.nextCursor };
    };
    const [page] = await Promise.all([readLikers(), viewPost(deps, scope, postId)]);
    return page;
  },
});
