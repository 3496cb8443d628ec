import { platformErrors } from '../../../platform/errors/index.js';
import { MAX_SCHEDULE_MS } from '../limits.js';

/** The instant as it is stored. Throws `invalid_request` for one that has passed or is more than a year away. */
export function publicationTime(publishAt: string): string {
  const time = Date.parse(publishAt);
  const aheadMs = time - Date.now();
  if (aheadMs <= 0 || aheadMs > MAX_SCHEDULE_MS) {
    throw platformErrors.invalid_request({
      problems: [{ path: 'publishAt', reason: 'must be in the future and within a year' }],
    });
  }
  return new Date(time).toISOString();
}
