import { readOperation } from '../../platform/operation/index.js';
import { presentProfile, type Visibility } from './profile.js';
import { usersByIds } from './queries.js';
import { GetUserInput, UserProfile } from './schema.js';

/** Errors: `not_found`, also for a block in either direction. */
export const getUser = readOperation({
  name: 'getUser',
  summary: 'The profile of a user',
  access: 'anyone',
  input: GetUserInput,
  output: UserProfile,
  async run({ visibility }: { readonly visibility: Visibility }, scope, { userId }) {
    return await presentProfile(visibility, scope, userId, scope.db.row(usersByIds, { ids: [userId] }));
  },
});
