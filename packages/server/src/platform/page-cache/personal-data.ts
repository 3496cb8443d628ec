import type { PersonalData } from '../personal-data/index.js';
import { eraseOwnWrites } from './queries.js';

/** When a user has last changed something: of use to nobody but the cache. */
export const pageCachePersonalData: PersonalData = {
  tables: ['own_writes'],
  sections: {},
  async erase(tx, userId) {
    await tx.run(eraseOwnWrites, { userId });
    return 'done';
  },
};
