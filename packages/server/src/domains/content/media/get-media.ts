import { platformErrors } from '../../../platform/errors/index.js';
import { readOperation } from '../../../platform/operation/index.js';
import { mediaById } from '../queries/media.js';
import { Media, OneMediaInput } from './schema.js';

/** Media with its variants, for the app's backend; members see it in posts. One query. */
export const getMedia = readOperation({
  name: 'getMedia',
  summary: 'Media with its variants',
  access: 'secret',
  input: OneMediaInput,
  output: Media,
  async run(_deps: object, scope, { mediaId }) {
    const row = await scope.db.row(mediaById, { mediaId });
    if (row === undefined) throw platformErrors.not_found({ detail: 'there is no such media' });
    return row.media as Media;
  },
});
