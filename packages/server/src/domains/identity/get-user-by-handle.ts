import { platformErrors } from '../../platform/errors/index.js';
import { readOperation } from '../../platform/operation/index.js';
import { normalizeHandle } from './login-names.js';
import { presentProfile, type Visibility } from './profile.js';
import { usersByHandles } from './queries.js';
import { GetUserByHandleInput, UserProfile } from './schema.js';

/** Errors: `not_found`, also for a block in either direction. */
export const getUserByHandle = readOperation({
  name: 'getUserByHandle',
  summary: 'The profile of the user with a handle',
  access: 'anyone',
  input: GetUserByHandleInput,
  output: UserProfile,
  async run({ visibility }: { readonly visibility: Visibility }, scope, { handle }) {
    const user = await scope.db.row(usersByHandles, { handles: [normalizeHandle(handle)] });
    if (user === undefined) throw platformErrors.not_found();
    return await presentProfile(visibility, scope, user.id, user);
  },
});
