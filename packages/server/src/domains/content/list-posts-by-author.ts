import type { Static } from 'typebox';
import { type Cursors, DEFAULT_LIMIT, readPage } from '../../platform/cursor/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { readOperation, type Scope } from '../../platform/operation/index.js';
import type { PageCache } from '../../platform/page-cache/index.js';
import { composePosts, type PipelineDeps } from './pipeline.js';
import { authorList, positionOfPost } from './positions.js';
import { postsByAuthor } from './queries/posts.js';
import { AuthorListInput as AuthorListInputSchema, PostPage } from './schema.js';
import { visibleLevels } from './visibility.js';

export interface PostListDeps extends PipelineDeps {
  readonly cursors: Cursors;
}

export interface AuthorListDeps extends PostListDeps {
  readonly pages: Pick<PageCache, 'get'>;
}

type AuthorListInput = Static<typeof AuthorListInputSchema>;

/**
 * A user's posts, newest first (D1), at any depth. Pages are kept for a second at most, as each viewer sees them: a
 * profile that is looked at is looked at often.
 */
export const listPostsByAuthor = readOperation({
  name: 'listPostsByAuthor',
  summary: 'The posts of a user, newest first',
  access: 'anyone',
  input: AuthorListInputSchema,
  output: PostPage,
  async run(deps: AuthorListDeps, scope, input) {
    const { userId, limit = DEFAULT_LIMIT, cursor = '' } = input;
    // Transports send it as it is; its value has the declared output type.
    return (await deps.pages.get(scope, `author/${userId}/${limit}/${cursor}`, () =>
      readAuthorPage(deps, scope, input),
    )) as never;
  },
});

/**
 * The rules come before the skeleton here: with one author they choose the levels to read, so that no page is short.
 * Three queries in two round trips, at any depth (D19).
 */
async function readAuthorPage(
  { cursors, identity, graph }: PostListDeps,
  scope: Scope,
  { userId: authorId, limit, cursor }: AuthorListInput,
): Promise<Static<typeof PostPage>> {
  const viewerId = scope.viewer?.userId ?? null;
  const [authors, relations] = await Promise.all([
    identity.usersByIds(scope, [authorId]),
    graph.relations(scope, [authorId]),
  ]);
  const levels = visibleLevels(viewerId, authorId, relations.get(authorId));
  // No level at all: a block.
  if (!authors.has(authorId) || levels.length === 0) {
    throw platformErrors.not_found({ detail: 'there is no such user' });
  }
  const page = await readPage(cursors, {
    list: authorList(scope.tenant.id, authorId),
    limit,
    cursor,
    fetch: ({ key, id }, count) => {
      return scope.db.rows(postsByAuthor, { viewerId, authorId, levels, beforeAt: key, beforeId: id, limit: count });
    },
    positionOf: positionOfPost,
  });
  return { items: composePosts(scope, page.items, authors), nextCursor: page.nextCursor };
}
