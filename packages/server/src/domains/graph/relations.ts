import type { ReadHandle, ValuesOf } from '../../platform/db/index.js';
import type { Scope } from '../../platform/operation/index.js';
import { followStandings } from './queries/relation-memory.js';
import { counts, hidden, muted, standings } from './queries/standings.js';
import type { KeptRelations, RelationMemory } from './relation-memory.js';
import type { Relation, UserCounts } from './schema.js';

/** A relation, and what decides whether the two see one another. */
export interface Standing extends Relation {
  /** A block of either side separates the two. */
  readonly hidden: boolean;
  /** False for unknown and deleted users. */
  readonly exists: boolean;
  /** The user's account is private: what they post is for those who follow them. */
  readonly isPrivate: boolean;
  /** The user counts the viewer among their close friends. */
  readonly closeFriend: boolean;
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
  closeFriend: false,
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

/** One of them, from the database: for transactions. */
export async function readStanding(db: ReadHandle, viewerId: string | null, userId: string): Promise<Standing> {
  return (await readStandings(db, viewerId, [userId])).get(userId) ?? NOBODY;
}

/** How a viewer stands to others: the only door through which anybody learns of it. */
export interface Relations {
  /** An entry for each of the users: one query. Without a viewer they are strangers. */
  relations(scope: Scope, userIds: readonly string[]): Promise<Map<string, Standing>>;
  /** Those of the users whom a block, of either side, separates from the viewer: one query, or none from memory. */
  hiddenUsers(scope: Scope, userIds: readonly string[]): Promise<Set<string>>;
  /** Those of the users whom the viewer mutes now: one query, or none from memory. */
  mutedUsers(scope: Scope, userIds: readonly string[]): Promise<Set<string>>;
}

/** @param memory answers blocks and mutes when it is to be believed (C4); the database does otherwise, and in transactions */
export function createRelations(memory: Pick<RelationMemory, 'of'>): Relations {
  /** `known` from memory if it can be, else what `ask` gives. */
  async function pick(
    scope: Scope,
    userIds: readonly string[],
    known: (kept: KeptRelations, userId: string) => boolean,
    ask: (viewerId: string) => Promise<{ readonly userId: string }[]>,
  ): Promise<Set<string>> {
    if (scope.viewer === null || userIds.length === 0) return new Set();
    const kept = await memory.of(scope);
    if (kept !== undefined) return new Set(userIds.filter((id) => known(kept, id)));
    return new Set((await ask(scope.viewer.userId)).map(({ userId }) => userId));
  }

  return {
    async relations(scope, userIds) {
      const viewerId = scope.viewer?.userId ?? null;
      if (viewerId === null || userIds.length === 0) return await readStandings(scope.db, viewerId, userIds);
      const kept = await memory.of(scope);
      if (kept === undefined) return await readStandings(scope.db, viewerId, userIds);
      const rows = await scope.db.rows(followStandings, { viewerId, userIds });
      return new Map(rows.map((row) => [row.userId, standingOf(row, kept)]));
    },
    hiddenUsers: (scope, userIds) =>
      pick(
        scope,
        userIds,
        (kept, id) => kept.blocking(id) || kept.blockedBy(id),
        (viewerId) => scope.db.rows(hidden, { viewerId, userIds }),
      ),
    mutedUsers: (scope, userIds) =>
      pick(
        scope,
        userIds,
        (kept, id) => kept.mutedUntil(id) !== undefined,
        (viewerId) => scope.db.rows(muted, { viewerId, userIds }),
      ),
  };
}

function standingOf(row: ValuesOf<(typeof followStandings)['row']>, kept: KeptRelations): Standing {
  const { userId, isPrivate, ...follows } = row;
  const [blocking, until] = [kept.blocking(userId), kept.mutedUntil(userId)];
  return {
    ...follows,
    exists: isPrivate !== null,
    isPrivate: isPrivate === true,
    blocking,
    hidden: blocking || kept.blockedBy(userId),
    muting: until !== undefined,
    mutedUntil: until ?? null,
  };
}

/** Counts of many users: one query. */
export async function countsOf(scope: Scope, userIds: readonly string[]): Promise<Map<string, UserCounts>> {
  if (userIds.length === 0) return new Map();
  const rows = await scope.db.rows(counts, { userIds });
  const found = new Map(rows.map(({ userId, ...row }) => [userId, row] as const));
  return new Map(userIds.map((id) => [id, found.get(id) ?? { followers: 0, following: 0 }] as const));
}

/** How the viewer stands to others, as profiles show it: nothing for the viewer's own, nor without a viewer. */
export async function viewerRelations(
  relations: Pick<Relations, 'relations'>,
  scope: Scope,
  userIds: readonly string[],
): Promise<Map<string, Relation>> {
  const viewerId = scope.viewer?.userId;
  if (viewerId === undefined) return new Map();
  const others = userIds.filter((id) => id !== viewerId);
  return new Map([...(await relations.relations(scope, others))].map(([id, standing]) => [id, relationOf(standing)]));
}

/** Counts and relations of many users: two queries, one round trip. */
export async function profileRelations(
  relations: Pick<Relations, 'relations'>,
  scope: Scope,
  userIds: readonly string[],
): Promise<Map<string, ProfileRelations>> {
  const [countsById, relationById] = await Promise.all([
    countsOf(scope, userIds),
    viewerRelations(relations, scope, userIds),
  ]);
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
