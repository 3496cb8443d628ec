import type { Static } from 'typebox';
import { type Cursors, type Position, readPage } from '../../platform/cursor/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { User } from '../identity/index.js';
import { type Relations, type Standing, viewerRelations } from './relations.js';
import type { UserPage } from './schema.js';

/** What the graph needs of the identity domain. */
export interface Users {
  /** Undeleted users by id, in any order; one query. */
  usersByIds(scope: Scope, userIds: readonly string[]): Promise<ReadonlyMap<string, Static<typeof User>>>;
}

export interface ListDeps {
  readonly cursors: Cursors;
  readonly identity: Users;
  readonly relations: Pick<Relations, 'relations'>;
}

/** One entry of a list of users: whom, and since when. */
export interface UserEntry {
  readonly userId: string;
  readonly at: string;
}

export const positionOf = (entry: UserEntry): Position => ({ key: entry.at, id: entry.userId });

export type UserListKind =
  | 'followers'
  | 'following'
  | 'blocks'
  | 'mutes'
  | 'requests'
  | 'sent-requests'
  | 'mutuals'
  | 'list';

/** Name of a list in its cursors; edges and operations share it, so a cursor of one continues in the other. */
export const listName = (kind: UserListKind, tenantId: string, ownerId: string) => `${kind}/${tenantId}/${ownerId}`;

export interface UserListRequest {
  readonly kind: UserListKind;
  /** The user, or whatever else, whose list it is. */
  readonly ownerId: string;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  readonly fetch: (after: Position, limit: number) => Promise<UserEntry[]>;
}

/** A page of users: its entries (one query), their profiles, and how the viewer stands to them (one query each). */
export async function readUserPage(
  { cursors, identity, relations }: ListDeps,
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
  const ids = [...new Set(page.items.map((entry) => entry.userId))];
  const [users, standings] = await Promise.all([
    identity.usersByIds(scope, ids),
    viewerRelations(relations, scope, ids),
  ]);
  const items = presentUsers(page.items, users).map((user) => ({ ...user, viewer: standings.get(user.id) ?? null }));
  return { items, nextCursor: page.nextCursor };
}

/** Entries as users, in order; one deleted since its entry was read is left out. */
export function presentUsers(
  entries: readonly UserEntry[],
  users: ReadonlyMap<string, Static<typeof User>>,
): Static<typeof User>[] {
  return entries.flatMap((entry) => users.get(entry.userId) ?? []);
}

const NO_USERS: Static<typeof UserPage> = { items: [], nextCursor: null };

/**
 * A page of those whom a user follows or is followed by; an empty one when the account is private and the viewer no
 * follower. Throws `not_found` unless the viewer may see the user. Four queries in two round trips (D19).
 */
export async function readPeopleOf(
  deps: ListDeps,
  scope: Scope,
  request: UserListRequest,
): Promise<Static<typeof UserPage>> {
  const viewerId = scope.viewer?.userId ?? null;
  const [page, owner] = await Promise.all([
    readUserPage(deps, scope, request),
    standingTo(deps, scope, request.ownerId),
  ]);
  return seesPeopleOf(viewerId, request.ownerId, owner) ? page : NO_USERS;
}

/** How the viewer stands to a user whom they may see; throws `not_found` otherwise. */
export async function standingTo(
  { relations }: Pick<ListDeps, 'relations'>,
  scope: Scope,
  userId: string,
): Promise<Standing> {
  const standing = (await relations.relations(scope, [userId])).get(userId);
  if (standing === undefined || !standing.exists || standing.hidden) {
    throw platformErrors.not_found({ detail: 'there is no such user' });
  }
  return standing;
}

/** Whether a viewer may know whom a user follows and who follows them: of a private account its followers may. */
export function seesPeopleOf(viewerId: string | null, userId: string, standing: Standing): boolean {
  if (!standing.exists || standing.hidden) return false;
  return !standing.isPrivate || standing.following || viewerId === userId;
}
