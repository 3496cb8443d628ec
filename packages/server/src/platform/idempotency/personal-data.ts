import type { PersonalData } from '../personal-data/index.js';
import { eraseKeysOf } from './queries.js';

/** Answers to the calls of a user that were sent with a key: for retries within a day. */
export const idempotencyPersonalData: PersonalData = {
  tables: ['idempotency_keys'],
  sections: {},
  async erase(tx, userId, limit) {
    const erased = await tx.run(eraseKeysOf, { owner: `user:${userId}`, limit });
    return erased === limit ? 'more' : 'done';
  },
};
