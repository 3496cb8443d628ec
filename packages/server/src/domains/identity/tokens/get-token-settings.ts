import { readOperation } from '../../../platform/operation/index.js';
import { NoInput } from '../schema.js';
import { TokenSettings } from './schema.js';
import { tokenSettings } from './token-queries.js';

export const getTokenSettings = readOperation({
  name: 'getTokenSettings',
  summary: 'What is asked of the tokens that your backend signs',
  access: 'secret',
  keyScope: 'keys:read',
  input: NoInput,
  output: TokenSettings,
  async run(_deps: object, { db }) {
    return (await db.row(tokenSettings, {})) ?? { audience: null, createUsers: false, validFrom: null };
  },
});
