import { type Cursors, readPage } from '../../platform/cursor/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { readOperation } from '../../platform/operation/index.js';
import type { Graph } from '../graph/index.js';
import { hydratePosts, type PipelineDeps, presentPage, withAuthors } from './pipeline.js';
import { authorList, positionOfPost } from './positions.js';
import { postsByAuthor } from './queries/posts.js';
import { AuthorListInput, PostPage } from './schema.js';

export interface PostListDeps extends PipelineDeps {
  readonly cursors: Cursors;
  readonly graph: Pick<Graph, 'relations' | 'hiddenUsers'>;
}

/**
 * A user's posts, newest first (D1), at any depth. The rules come with the skeleton here: with one author the query
 * knows the levels to read, so that no page is short. Two queries in one round trip, one more for contents that are
 * not in memory (D19), and one for a list without posts, which a block may have emptied.
 */
export const listPostsByAuthor = readOperation({
  name: 'listPostsByAuthor',
  summary: 'The posts of a user, newest first',
  access: 'anyone',
  input: AuthorListInput,
  output: PostPage,
  async run(deps: PostListDeps, scope, { userId: authorId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    const [authors, page] = await Promise.all([
      deps.identity.usersByIds(scope, [authorId]),
      readPage(deps.cursors, {
        list: authorList(scope.tenant.id, authorId),
        limit,
        cursor,
        fetch: ({ key, id }, count) =>
          scope.db.rows(postsByAuthor, { viewerId, authorId, beforeAt: key, beforeId: id, limit: count }),
        positionOf: positionOfPost,
      }),
    ]);
    const hidden = page.items.length === 0 && (await deps.graph.hiddenUsers(scope, [authorId])).has(authorId);
    if (!authors.has(authorId) || hidden) throw platformErrors.not_found({ detail: 'there is no such user' });
    const posts = await hydratePosts(deps, scope, page.items);
    return presentPage(scope, withAuthors(posts, authors), page.nextCursor);
  },
});
