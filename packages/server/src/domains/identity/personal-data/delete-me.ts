import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { NoInput, Nothing } from '../schema.js';
import { type EndAccountDeps, endAccount } from './end-account.js';

/** Errors: `last_owner`. */
export const deleteMe = writeOperation({
  name: 'deleteMe',
  summary: 'Delete your account and all that is held of you',
  access: 'user',
  input: NoInput,
  output: Nothing,
  async run(deps: EndAccountDeps, scope) {
    await endAccount(deps, scope, requireViewer(scope).userId);
    return null;
  },
});
