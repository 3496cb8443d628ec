import { writeOperation } from '../../../platform/operation/index.js';
import { GetUserInput, Nothing } from '../schema.js';
import { type EndAccountDeps, endAccount } from './end-account.js';

/** Errors: `last_owner`, `not_found` for unknown and deleted users. */
export const deleteUser = writeOperation({
  name: 'deleteUser',
  summary: 'Delete a user and all that is held of them',
  access: 'secret',
  keyScope: 'users:write',
  input: GetUserInput,
  output: Nothing,
  async run(deps: EndAccountDeps, scope, { userId }) {
    await endAccount(deps, scope, userId);
    return null;
  },
});
