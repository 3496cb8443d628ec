import type { Static } from 'typebox';
import { type Cursors, type Position, readPage } from '../../platform/cursor/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { User } from '../identity/index.js';
import { hiddenUsers } from './relations.js';
import type { UserPage } from './schema.js';

/** What the graph needs of the identity domain. */
export interface Users {
  /** Undeleted users by id, in any order; one query. */
  usersByIds(scope: Scope, userIds: readonly string[]): Promise<ReadonlyMap<string, Static<typeof User>>>;
}

export interface ListDeps {
  readonly cursors: Cursors;
  readonly identity: Users;
}

/** One entry of a list of users: whom, and since when. */
export interface UserEntry {
  readonly userId: string;
  readonly at: string;
}

export const positionOf = (entry: UserEntry): Position => ({ key: entry.at, id: entry.userId });

/** Name of a list in its cursors; edges and operations share it, so a cursor of one continues in the other. */
export const listName = (kind: 'followers' | 'following' | 'blocks', tenantId: string, userId: string) =>
  `${kind}/${tenantId}/${userId}`;

export interface UserListRequest {
  readonly kind: 'followers' | 'following' | 'blocks';
  readonly ownerId: string;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  readonly fetch: (after: Position, limit: number) => Promise<UserEntry[]>;
}

/** A page of users: the page's entries (one query) and their profiles (one query). */
export async function readUserPage(
  { cursors, identity }: ListDeps,
  scope: Scope,
  { kind, ownerId, limit, cursor, fetch }: UserListRequest,
): Promise<Static<typeof UserPage>> {
  const page = await readPage(cursors, {
    list: listName(kind, scope.tenant.id, ownerId),
    limit,
    cursor,
    fetch,
    positionOf,
  });
  const users = await identity.usersByIds(scope, [...new Set(page.items.map((entry) => entry.userId))]);
  return { items: presentUsers(page.items, users), nextCursor: page.nextCursor };
}

/** Entries as users, in order; one deleted since its entry was read is left out. */
export function presentUsers(
  entries: readonly UserEntry[],
  users: ReadonlyMap<string, Static<typeof User>>,
): Static<typeof User>[] {
  return entries.flatMap((entry) => users.get(entry.userId) ?? []);
}

/** Throws `not_found` unless the viewer may see the user: two queries, in one round trip with their siblings. */
export async function requireVisibleUser({ identity }: Pick<ListDeps, 'identity'>, scope: Scope, userId: string) {
  const [users, hidden] = await Promise.all([identity.usersByIds(scope, [userId]), hiddenUsers(scope, [userId])]);
  if (!users.has(userId) || hidden.has(userId)) throw platformErrors.not_found({ detail: 'there is no such user' });
}
