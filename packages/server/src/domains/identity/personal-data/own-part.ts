import type { PersonalData } from '../../../platform/personal-data/index.js';
import {
  eraseAccountTokens,
  eraseSessions,
  exportProfile,
  exportRoleChanges,
  exportSessions,
} from './erasure-queries.js';

/** What identity itself holds of a user. The account ends with `eraseAccount`, before anything else. */
export const identityPersonalData: PersonalData = {
  tables: ['credentials', 'sessions', 'session_revocations', 'account_tokens'],
  sections: {
    profile: async (db, ownerId) => {
      const profile = await db.row(exportProfile, { ownerId });
      return profile === undefined ? [] : [{ at: profile.createdAt, id: profile.id, data: profile }];
    },
    sessions: async (db, ownerId, { id: beforeId }, limit) =>
      (await db.rows(exportSessions, { ownerId, beforeId, limit })).map((session) => ({
        at: session.createdAt,
        id: session.id,
        data: session,
      })),
    roleChanges: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportRoleChanges, { ownerId, beforeAt, beforeId, limit })).map((change) => ({
        at: change.changedAt,
        id: change.id,
        data: change,
      })),
  },
  async erase(tx, userId, limit) {
    const [sessions, tokens] = await Promise.all([
      tx.run(eraseSessions, { userId, limit }),
      tx.run(eraseAccountTokens, { userId, limit }),
    ]);
    return sessions === limit || tokens === limit ? 'more' : 'done';
  },
};
