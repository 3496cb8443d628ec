import { type Cursors, readPage } from '../../platform/cursor/index.js';
import type { ValuesOf } from '../../platform/db/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { readOperation } from '../../platform/operation/index.js';
import { type Authors, hydratePosts, type PipelineDeps, type PostState, presentPage, withAuthors } from './pipeline.js';
import { authorList, positionOfPost } from './positions.js';
import { postsByAuthor } from './queries/posts.js';
import { AuthorListInput, PostPage } from './schema.js';

export interface PostListDeps extends PipelineDeps {
  readonly cursors: Cursors;
  readonly identity: Pick<Authors, 'usersByIds' | 'userAt'>;
}

/**
 * A user's posts, newest first (D1), at any depth. The rules come with the skeleton here: with one author the query
 * knows the levels to read, so that no page is short. One query, and in one more round trip one for contents and one for
 * the author where they are not in memory (D19).
 */
export const listPostsByAuthor = readOperation({
  name: 'listPostsByAuthor',
  summary: 'The posts of a user, newest first',
  access: 'anyone',
  input: AuthorListInput,
  output: PostPage,
  async run(deps: PostListDeps, scope, { userId: authorId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    let authorUpdatedAt = '';
    const page = await readPage(deps.cursors, {
      list: authorList(scope.tenant.id, authorId),
      limit,
      cursor,
      fetch: async ({ key, id }, count) => {
        const values = { viewerId, authorId, beforeAt: key, beforeId: id, limit: count };
        const row = await scope.db.row(postsByAuthor, values);
        if (row === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
        authorUpdatedAt = row.authorUpdatedAt;
        return statesOf(row);
      },
      positionOf: positionOfPost,
    });
    const [author, posts] = await Promise.all([
      deps.identity.userAt(scope, { id: authorId, updatedAt: authorUpdatedAt }),
      hydratePosts(deps, scope, page.items),
    ]);
    if (author === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
    return presentPage(scope, withAuthors(posts, new Map([[authorId, author]])), page.nextCursor);
  },
});

function statesOf({
  ids,
  updatedAts,
  likeCounts,
  liked,
  createdAts,
}: ValuesOf<(typeof postsByAuthor)['row']>): (PostState & { readonly createdAt: string })[] {
  return ids.map((id, index) => ({
    id,
    updatedAt: updatedAts[index] ?? '',
    likeCount: likeCounts[index] ?? 0,
    liked: liked[index] ?? false,
    createdAt: createdAts[index] ?? '',
  }));
}
