import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { userUpdated } from './events.js';
import { updateUser } from './queries.js';
import { Me, UpdateProfileInput } from './schema.js';

export const updateProfile = writeOperation({
  name: 'updateProfile',
  summary: 'Change what others see of you; what is not given stays',
  access: 'user',
  input: UpdateProfileInput,
  output: Me,
  async run(_deps: object, scope, { displayName, bio }) {
    const { userId } = requireViewer(scope);
    const me = await scope.db.row(updateUser, {
      userId,
      displayName: displayName?.trim() ?? null,
      bio: bio?.trim() ?? null,
    });
    if (me === undefined) throw platformErrors.not_found();
    scope.db.emit(userUpdated(userId));
    return me;
  },
});
