import type { PersonalData } from '../../platform/personal-data/index.js';
import { eraseFeedSessions } from './queries/sessions.js';

/** What a user was shown, for as long as a session lasts; which posts are popular goes with the posts. */
export const feedPersonalData: PersonalData = {
  tables: ['feed_sessions', 'popular_posts'],
  sections: {},
  async erase(tx, userId, limit) {
    return (await tx.run(eraseFeedSessions, { userId, limit })) === limit ? 'more' : 'done';
  },
};
