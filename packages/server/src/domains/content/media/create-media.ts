import { platformErrors } from '../../../platform/errors/index.js';
import { newId } from '../../../platform/ids/index.js';
import { writeOperation } from '../../../platform/operation/index.js';
import { insertMedia } from '../queries/media.js';
import { CreateMediaInput, Media } from './schema.js';

/**
 * Makes media known that the app keeps elsewhere, for a user to put into posts. It never changes: another picture is
 * another row. Throws `not_found` without such a user.
 */
export const createMedia = writeOperation({
  name: 'createMedia',
  summary: 'Make media known that your app keeps elsewhere',
  access: 'secret',
  input: CreateMediaInput,
  output: Media,
  async run(_deps: object, scope, { ownerId, kind, alt = '', blurhash = null, variants: given }) {
    const names = new Set(given.map(({ name }) => name));
    if (names.size < given.length) {
      throw platformErrors.invalid_request({ problems: [{ path: 'variants', reason: 'must have different names' }] });
    }
    const variants = given
      .map(({ name, url, contentType = null, width = null, height = null, bytes = null }) => {
        return { name, url, contentType, width, height, bytes };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const media = { id: newId(), ownerId, kind, alt, blurhash };
    const inserted = await scope.db.row(insertMedia, { ...media, variants: JSON.stringify(variants) });
    if (inserted === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
    return { ...media, variants };
  },
});
