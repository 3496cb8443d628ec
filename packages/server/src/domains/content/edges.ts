import type { Static } from 'typebox';
import type { EdgeLoader, Scope } from '../../platform/operation/index.js';
import { EDGE_DEFAULT_LIMIT } from './limits.js';
import type { PostListDeps } from './list-posts-by-author.js';
import { hydratePosts, presentPost, withAuthors } from './pipeline.js';
import { authorList, likersList, positionOfLiker, positionOfPost } from './positions.js';
import { likersOfMany } from './queries/likes.js';
import { postsOfAuthors } from './queries/posts.js';
import type { LikerPage, PostPage } from './schema.js';
import { visibleLevels } from './visibility.js';

/** Edges that content adds to `User` and `Post`, each for many parents at once (B1). */
export function createContentEdges(deps: PostListDeps): Readonly<Record<string, Readonly<Record<string, EdgeLoader>>>> {
  return {
    User: { posts: (scope, parents, args) => readPostsOfAuthors(deps, scope, parents.map(idOf), limitOf(args)) },
    Post: { likers: (scope, parents, args) => readLikersOfPosts(deps, scope, parents.map(idOf), limitOf(args)) },
  };
}

/**
 * First page of the posts of each of many authors: three queries in two round trips, and one for contents that are not
 * in memory.
 */
async function readPostsOfAuthors(
  deps: PostListDeps,
  scope: Scope,
  authorIds: readonly string[],
  limit: number,
): Promise<Static<typeof PostPage>[]> {
  const viewerId = scope.viewer?.userId ?? null;
  const distinct = [...new Set(authorIds)];
  const [authors, relations] = await Promise.all([
    deps.identity.usersByIds(scope, distinct),
    deps.graph.relations(scope, distinct),
  ]);
  const sights = distinct.flatMap((id) => {
    const levels = visibleLevels(viewerId, id, relations.get(id));
    return levels.length === 0 ? [] : { id, levels };
  });
  const rows = await scope.db.rows(postsOfAuthors, {
    viewerId,
    authorIds: sights.map(({ id }) => id),
    seesFollowers: sights.map(({ levels }) => levels.includes('followers')),
    seesCloseFriends: sights.map(({ levels }) => levels.includes('close_friends')),
    seesPrivate: sights.map(({ levels }) => levels.includes('private')),
    limit: limit + 1,
  });
  const byAuthor = groupBy(rows, (row) => row.authorId);
  const views = withAuthors(await hydratePosts(deps, scope, rows), authors);
  const postById = new Map(views.map((view) => [view.stored.id, presentPost(scope, view)] as const));
  return authorIds.map((authorId) => {
    const found = byAuthor.get(authorId) ?? [];
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const more = found.length > limit && last !== undefined;
    const nextCursor = more ? deps.cursors.encode(authorList(scope.tenant.id, authorId), positionOfPost(last)) : null;
    return { items: page.flatMap(({ id }) => postById.get(id) ?? []), nextCursor };
  });
}

/**
 * First page of the likers of each of many posts: two queries in two round trips. The posts have been presented
 * to this viewer already.
 */
async function readLikersOfPosts(
  { cursors, identity }: PostListDeps,
  scope: Scope,
  postIds: readonly string[],
  limit: number,
): Promise<Static<typeof LikerPage>[]> {
  const rows = await scope.db.rows(likersOfMany, {
    postIds: [...new Set(postIds)],
    viewerId: scope.viewer?.userId ?? null,
    limit: limit + 1,
  });
  const users = await identity.usersByIds(scope, [...new Set(rows.map((row) => row.userId))]);
  const byPost = groupBy(rows, (row) => row.postId);
  return postIds.map((postId) => {
    const found = byPost.get(postId) ?? [];
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const more = found.length > limit && last !== undefined;
    const nextCursor = more ? cursors.encode(likersList(scope.tenant.id, postId), positionOfLiker(last)) : null;
    return { items: page.flatMap((entry) => users.get(entry.userId) ?? []), nextCursor };
  });
}

function idOf(parent: Readonly<Record<string, unknown>>): string {
  return parent['id'] as string;
}

/** `Map.groupBy`, which Node 20 lacks. */
function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The transport has checked its bounds. */
function limitOf({ limit }: Readonly<Record<string, unknown>>): number {
  return typeof limit === 'number' ? limit : EDGE_DEFAULT_LIMIT;
}
