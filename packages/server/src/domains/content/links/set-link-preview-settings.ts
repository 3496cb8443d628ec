import { writeOperation } from '../../../platform/operation/index.js';
import { setPreviewSwitch } from '../queries/links.js';
import { LinkPreviewSettings, SetLinkPreviewSettingsInput } from './schema.js';

/** Switches link previews of the tenant on or off. Off, no link is fetched and no preview shown. */
export const setLinkPreviewSettings = writeOperation({
  name: 'setLinkPreviewSettings',
  summary: 'Switch previews of links on or off',
  access: 'secret',
  input: SetLinkPreviewSettingsInput,
  output: LinkPreviewSettings,
  async run(_deps: object, scope, { enabled }) {
    await scope.db.run(setPreviewSwitch, { enabled });
    return { enabled };
  },
});
