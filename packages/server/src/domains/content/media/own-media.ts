import { platformErrors } from '../../../platform/errors/index.js';
import type { Scope } from '../../../platform/operation/index.js';
import { mediaOfOwner } from '../queries/media.js';
import type { Media } from './schema.js';

/**
 * Media that the viewer puts into a post, in order; one query, or none. Throws `invalid_request` when some are not
 * theirs, which look like those that do not exist.
 */
export async function ownMedia(
  { db }: Pick<Scope, 'db'>,
  ownerId: string,
  mediaIds: readonly string[],
): Promise<Media[]> {
  if (mediaIds.length === 0) return [];
  const rows = await db.rows(mediaOfOwner, { ownerId, mediaIds });
  if (rows.length < mediaIds.length) {
    throw platformErrors.invalid_request({ problems: [{ path: 'mediaIds', reason: 'must be media of your own' }] });
  }
  return rows.map(({ media }) => media as Media);
}
