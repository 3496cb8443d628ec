import type { ReadHandle } from '../../platform/db/index.js';
import type { Scope } from '../../platform/operation/index.js';
import { counts, hidden, muted, standings } from './queries/standings.js';
import type { Relation, UserCounts } from './schema.js';

/** A relation, and what decides whether the two see one another. */
export interface Standing extends Relation {
  /** A block of either side separates the two. */
  readonly hidden: boolean;
  /** False for unknown and deleted users. */
  readonly exists: boolean;
  /** The user's account is private: what they post is for those who follow them. */
  readonly isPrivate: boolean;
}

/** What a profile shows of the graph. */
export interface ProfileRelations {
  readonly counts: UserCounts;
  /** `null` without a viewer and for the viewer's own profile. */
  readonly viewer: Relation | null;
}

const NOBODY: Standing = {
  exists: false,
  isPrivate: false,
  hidden: false,
  following: false,
  followedBy: false,
  requested: false,
  requestedBy: false,
  blocking: false,
  muting: false,
  mutedUntil: null,
};

/** How one user stands to others, one query: an entry for each. A viewer of null is a stranger to all. */
async function readStandings(
  db: ReadHandle,
  viewerId: string | null,
  userIds: readonly string[],
): Promise<Map<string, Standing>> {
  if (userIds.length === 0) return new Map();
  const rows = await db.rows(standings, { viewerId, userIds });
  return new Map(
    rows.map(({ userId, blockedBy, isPrivate, ...row }) => [
      userId,
      { ...row, hidden: row.blocking || blockedBy, exists: isPrivate !== null, isPrivate: isPrivate === true },
    ]),
  );
}

export async function readStanding(db: ReadHandle, viewerId: string | null, userId: string): Promise<Standing> {
  return (await readStandings(db, viewerId, [userId])).get(userId) ?? NOBODY;
}

/** How the viewer stands to others, one query: an entry for each. Without a viewer they are strangers. */
export async function relations(scope: Scope, userIds: readonly string[]): Promise<Map<string, Standing>> {
  return await readStandings(scope.db, scope.viewer?.userId ?? null, userIds);
}

/** Those of the users whom a block, of either side, separates from the viewer: one query, none without a viewer. */
export async function hiddenUsers(scope: Scope, userIds: readonly string[]): Promise<Set<string>> {
  if (scope.viewer === null || userIds.length === 0) return new Set();
  const rows = await scope.db.rows(hidden, { viewerId: scope.viewer.userId, userIds });
  return new Set(rows.map((row) => row.userId));
}

/** Those of the users whom the viewer mutes now: one query, none without a viewer. */
export async function mutedUsers(scope: Scope, userIds: readonly string[]): Promise<Set<string>> {
  if (scope.viewer === null || userIds.length === 0) return new Set();
  const rows = await scope.db.rows(muted, { viewerId: scope.viewer.userId, userIds });
  return new Set(rows.map((row) => row.userId));
}

/** Counts of many users: one query. */
export async function countsOf(scope: Scope, userIds: readonly string[]): Promise<Map<string, UserCounts>> {
  if (userIds.length === 0) return new Map();
  const rows = await scope.db.rows(counts, { userIds });
  const found = new Map(rows.map(({ userId, ...row }) => [userId, row] as const));
  return new Map(userIds.map((id) => [id, found.get(id) ?? { followers: 0, following: 0 }] as const));
}

/** How the viewer stands to others, as profiles show it: nothing for the viewer's own, nor without a viewer. */
export async function viewerRelations(scope: Scope, userIds: readonly string[]): Promise<Map<string, Relation>> {
  const viewerId = scope.viewer?.userId;
  if (viewerId === undefined) return new Map();
  const others = userIds.filter((id) => id !== viewerId);
  return new Map([...(await relations(scope, others))].map(([id, standing]) => [id, relationOf(standing)]));
}

/** Counts and relations of many users: two queries, one round trip. */
export async function profileRelations(
  scope: Scope,
  userIds: readonly string[],
): Promise<Map<string, ProfileRelations>> {
  const [countsById, relationById] = await Promise.all([countsOf(scope, userIds), viewerRelations(scope, userIds)]);
  return new Map(
    userIds.map((id) => {
      const viewer = relationById.get(id) ?? null;
      return [id, { counts: countsById.get(id) ?? { followers: 0, following: 0 }, viewer }] as const;
    }),
  );
}

export function relationOf(standing: Relation): Relation {
  const { following, followedBy, requested, requestedBy, blocking, muting, mutedUntil } = standing;
  return { following, followedBy, requested, requestedBy, blocking, muting, mutedUntil };
}
