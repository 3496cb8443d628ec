import type { ReadHandle } from '../../platform/db/index.js';
import type { Scope } from '../../platform/operation/index.js';
import { counts, hidden, standings } from './queries/lists.js';
import type { Relation, UserCounts } from './schema.js';

/** A relation, and whether a block of either side separates the two. */
export interface Standing extends Relation {
  readonly hidden: boolean;
  /** False for unknown and deleted users. */
  readonly exists: boolean;
}

/** What a profile shows of the graph. */
export interface ProfileRelations {
  readonly counts: UserCounts;
  /** `null` without a viewer and for the viewer's own profile. */
  readonly viewer: Relation | null;
}

/** How one user stands to others: one query. */
async function readStandings(
  db: ReadHandle,
  viewerId: string,
  userIds: readonly string[],
): Promise<Map<string, Standing>> {
  if (userIds.length === 0) return new Map();
  const rows = await db.rows(standings, { viewerId, userIds });
  return new Map(
    rows.map(({ userId, blockedBy, ...row }) => [userId, { ...row, hidden: row.blocking || blockedBy }] as const),
  );
}

export async function readStanding(db: ReadHandle, viewerId: string, userId: string): Promise<Standing> {
  const standing = (await readStandings(db, viewerId, [userId])).get(userId);
  return standing ?? { exists: false, following: false, followedBy: false, blocking: false, hidden: false };
}

/** How the viewer stands to others, one query; empty without a viewer. */
export async function relations(scope: Scope, userIds: readonly string[]): Promise<Map<string, Standing>> {
  return scope.viewer === null ? new Map() : await readStandings(scope.db, scope.viewer.userId, userIds);
}

/** Those of the users whom a block, of either side, separates from the viewer: one query, none without a viewer. */
export async function hiddenUsers(scope: Scope, userIds: readonly string[]): Promise<Set<string>> {
  if (scope.viewer === null || userIds.length === 0) return new Set();
  const rows = await scope.db.rows(hidden, { viewerId: scope.viewer.userId, userIds });
  return new Set(rows.map((row) => row.userId));
}

/** Counts of many users: one query. */
export async function countsOf(scope: Scope, userIds: readonly string[]): Promise<Map<string, UserCounts>> {
  if (userIds.length === 0) return new Map();
  const rows = await scope.db.rows(counts, { userIds });
  const found = new Map(rows.map(({ userId, ...row }) => [userId, row] as const));
  return new Map(userIds.map((id) => [id, found.get(id) ?? { followers: 0, following: 0 }] as const));
}

/** Counts and relations of many users: two queries, one round trip. */
export async function profileRelations(
  scope: Scope,
  userIds: readonly string[],
): Promise<Map<string, ProfileRelations>> {
  const [countsById, standingById] = await Promise.all([countsOf(scope, userIds), relations(scope, userIds)]);
  return new Map(
    userIds.map((id) => {
      const standing = id === scope.viewer?.userId ? undefined : standingById.get(id);
      const viewer = standing === undefined ? null : relationOf(standing);
      return [id, { counts: countsById.get(id) ?? { followers: 0, following: 0 }, viewer }] as const;
    }),
  );
}

export function relationOf({ following, followedBy, blocking }: Relation): Relation {
  return { following, followedBy, blocking };
}
