import type { Static } from 'typebox';
import { platformErrors } from '../../platform/errors/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { ProfileCounts, ProfileViewer, User, UserProfile } from './schema.js';

export interface ProfileRelations {
  readonly counts: ProfileCounts;
  /** Null without a viewer and for the viewer's own profile. */
  readonly viewer: ProfileViewer | null;
}

/**
 * What a profile needs to know of the social graph. Identity lies below the graph, so `app.ts` hands this
 * in; each function takes one round trip however many users are asked for.
 */
export interface Visibility {
  /** Those of the users who block the viewer or are blocked by them; empty without a viewer. */
  hiddenUsers(scope: Scope, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** An entry for each of the users. */
  profileRelations(scope: Scope, userIds: readonly string[]): Promise<ReadonlyMap<string, ProfileRelations>>;
}

/** The profile as the viewer may see it. Throws `not_found` for nobody and for a block in either direction alike. */
export async function presentProfile(
  visibility: Visibility,
  scope: Scope,
  userId: string,
  read: Promise<User | undefined> | User | undefined,
): Promise<Static<typeof UserProfile>> {
  // Independent reads of one step share a round trip.
  const [user, hidden, relations] = await Promise.all([
    read,
    visibility.hiddenUsers(scope, [userId]),
    visibility.profileRelations(scope, [userId]),
  ]);
  if (user === undefined || hidden.has(userId)) throw platformErrors.not_found();
  const { counts, viewer } = relations.get(userId) ?? { counts: { followers: 0, following: 0 }, viewer: null };
  return { ...user, counts, viewer };
}
