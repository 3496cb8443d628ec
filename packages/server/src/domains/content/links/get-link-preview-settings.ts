import { readOperation } from '../../../platform/operation/index.js';
import { previewSwitch } from '../queries/links.js';
import { LinkPreviewSettings, NoInput } from './schema.js';

/** Whether the tenant has link previews. One query. */
export const getLinkPreviewSettings = readOperation({
  name: 'getLinkPreviewSettings',
  summary: 'Whether links of posts are previewed',
  access: 'secret',
  input: NoInput,
  output: LinkPreviewSettings,
  async run(_deps: object, scope) {
    const row = await scope.db.row(previewSwitch, {});
    return { enabled: row?.enabled ?? true };
  },
});
