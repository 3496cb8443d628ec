import { createVersionStore, type Version, type Versioned, type VersionStore } from '../../platform/cache/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import { storedUsers } from './queries.js';
import type { User } from './schema.js';

interface StoredUser extends Versioned {
  readonly user: User;
}

/** Public profiles, kept by version (C3). */
export type UserStore = VersionStore<StoredUser>;

export function createUserStore(deps: {
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly maxBytes: number;
}): UserStore {
  return createVersionStore<StoredUser>({ name: 'users', bytesOf: ({ user }) => 800 + 2 * user.bio.length, ...deps });
}

/** One query, or none when the user is kept; undefined when it was deleted meanwhile. */
export async function readUserAt(
  users: UserStore,
  { tenant, db }: Pick<Scope, 'tenant' | 'db'>,
  version: Version,
): Promise<User | undefined> {
  const [stored] = await users.read(tenant.id, [version], async (ids) =>
    (await db.rows(storedUsers, { ids })).map(({ updatedAt, ...user }) => ({
      tenantId: tenant.id,
      id: user.id,
      updatedAt,
      user,
    })),
  );
  return stored?.user;
}
