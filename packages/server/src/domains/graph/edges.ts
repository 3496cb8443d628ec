import { START } from '../../platform/cursor/index.js';
import type { EdgeLoader, Scope } from '../../platform/operation/index.js';
import type { User } from '../identity/index.js';
import { EDGE_DEFAULT_LIMIT, MUTUALS_SHOWN } from './limits.js';
import { entriesOf } from './list-mutuals.js';
import { type ListDeps, listName, positionOf, presentUsers, seesPeopleOf, type UserEntry } from './list-users.js';
import { followersOfMany, followingOfMany } from './queries/lists.js';
import { mutuals } from './queries/mutuals.js';
import { countsOf, viewerRelations } from './relations.js';

/**
 * The edges of the graph on `User`, each for many users at once (B1). A profile read by identity brings its counts
 * and relation along.
 */
export function createUserEdges(deps: ListDeps): Readonly<Record<string, EdgeLoader>> {
  const firstPages =
    (kind: 'followers' | 'following'): EdgeLoader =>
    async (scope, parents, { limit }) => {
      // The transport has checked its bounds.
      const count = typeof limit === 'number' ? limit : EDGE_DEFAULT_LIMIT;
      return await readFirstPages(deps, scope, kind, parents.map(idOf), count);
    };
  return {
    followers: firstPages('followers'),
    following: firstPages('following'),
    mutuals: async (scope, parents, { limit }) =>
      await readMutuals(deps, scope, parents.map(idOf), typeof limit === 'number' ? limit : MUTUALS_SHOWN),
    counts: async (scope, parents) => {
      if (parents.every(({ counts }) => counts !== undefined)) return parents.map(({ counts }) => counts);
      const counts = await countsOf(scope, distinct(parents.map(idOf)));
      return parents.map((parent) => counts.get(idOf(parent)));
    },
    viewer: async (scope, parents) => {
      if (parents.every(({ viewer }) => viewer !== undefined)) return parents.map(({ viewer }) => viewer);
      const found = await viewerRelations(deps.relations, scope, distinct(parents.map(idOf)));
      return parents.map((parent) => found.get(idOf(parent)) ?? null);
    },
  };
}

/**
 * The first page of a list of each of many users: three queries in two round trips, however many users.
 * Lists that the viewer may not see are empty.
 */
async function readFirstPages(
  { cursors, identity, relations }: ListDeps,
  scope: Scope,
  kind: 'followers' | 'following',
  ownerIds: readonly string[],
  limit: number,
): Promise<{ items: User[]; nextCursor: string | null }[]> {
  const query = kind === 'followers' ? followersOfMany : followingOfMany;
  const userIds = distinct(ownerIds);
  const viewerId = scope.viewer?.userId ?? null;
  const [rows, standings] = await Promise.all([
    scope.db.rows(query, { userIds, viewerId, limit: limit + 1 }),
    relations.relations(scope, userIds),
  ]);
  const byOwner = new Map<string, UserEntry[]>();
  for (const { ownerId, ...entry } of rows) {
    const entries = byOwner.get(ownerId);
    if (entries === undefined) byOwner.set(ownerId, [entry]);
    else entries.push(entry);
  }
  const users = await identity.usersByIds(scope, distinct(rows.map((row) => row.userId)));
  return ownerIds.map((ownerId) => {
    const standing = standings.get(ownerId);
    const sees = standing !== undefined && seesPeopleOf(viewerId, ownerId, standing);
    const entries = sees ? (byOwner.get(ownerId) ?? []) : [];
    const items = entries.slice(0, limit);
    const last = items.at(-1);
    const more = entries.length > limit && last !== undefined;
    const list = listName(kind, scope.tenant.id, ownerId);
    return { items: presentUsers(items, users), nextCursor: more ? cursors.encode(list, positionOf(last)) : null };
  });
}

/** The first of the followers of each of many users whom the viewer follows: two queries in two round trips. */
async function readMutuals(
  { cursors, identity }: ListDeps,
  scope: Scope,
  userIds: readonly string[],
  limit: number,
): Promise<({ items: User[]; nextCursor: string | null; count: number } | null)[]> {
  const viewerId = scope.viewer?.userId;
  if (viewerId === undefined) return userIds.map(() => null);
  const values = { viewerId, userIds: distinct(userIds), beforeAt: START.key, beforeId: START.id, limit: limit + 1 };
  const rows = await scope.db.rows(mutuals, values);
  const shown = new Map(rows.map((row) => [row.ownerId, { count: row.count, entries: entriesOf(row) }] as const));
  const users = await identity.usersByIds(scope, distinct(rows.flatMap((row) => row.userIds.slice(0, limit))));
  return userIds.map((userId) => {
    const { count = 0, entries = [] } = shown.get(userId) ?? {};
    const items = entries.slice(0, limit);
    const last = items.at(-1);
    const more = entries.length > limit && last !== undefined;
    const list = listName('mutuals', scope.tenant.id, `${userId}/${viewerId}`);
    const nextCursor = more ? cursors.encode(list, positionOf(last)) : null;
    return { items: presentUsers(items, users), nextCursor, count };
  });
}

function idOf(parent: Readonly<Record<string, unknown>>): string {
  return parent['id'] as string;
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
