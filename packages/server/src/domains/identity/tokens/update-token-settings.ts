import { writeOperation } from '../../../platform/operation/index.js';
import { notePrincipalChange, type OnPrincipalChanged } from '../principals/note-principal-change.js';
import { TokenSettings, UpdateTokenSettingsInput } from './schema.js';
import { updateTokenSettings as updateSettings } from './token-queries.js';

/** What is not given stays. It holds for tokens that are in use too, within a second. */
export const updateTokenSettings = writeOperation({
  name: 'updateTokenSettings',
  summary: 'Change what is asked of the tokens that your backend signs',
  access: 'secret',
  keyScope: 'keys:write',
  input: UpdateTokenSettingsInput,
  output: TokenSettings,
  async run(
    { onPrincipalChanged }: { readonly onPrincipalChanged: OnPrincipalChanged },
    { db },
    { audience, createUsers },
  ) {
    const [settings] = await Promise.all([
      db.row(updateSettings, { audience: audience ?? null, createUsers: createUsers ?? null }),
      notePrincipalChange(db, onPrincipalChanged, null),
    ]);
    if (settings === undefined) throw new Error('INSERT of settings returned no row');
    return settings;
  },
});
