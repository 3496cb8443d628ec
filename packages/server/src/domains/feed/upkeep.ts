import type { SystemHandle } from '../../platform/db/index.js';
import { POPULAR_WINDOW_MS, SESSION_KEPT_MS } from './limits.js';
import { purgePopular } from './queries/popular.js';
import { purgeSessions } from './queries/sessions.js';

/** Deletes feed sessions that have ended, a batch at a time. */
export async function purgeFeedSessions(system: SystemHandle, limit: number): Promise<number> {
  return await system.run(purgeSessions, { keptMs: SESSION_KEPT_MS, limit });
}

/** Deletes what is too old to be popular, a batch at a time. */
export async function purgePopularPosts(system: SystemHandle, limit: number): Promise<number> {
  return await system.run(purgePopular, { windowMs: POPULAR_WINDOW_MS, limit });
}
