import { platformErrors } from '../../platform/errors/index.js';
import { readOperation, requireViewer } from '../../platform/operation/index.js';
import { meById } from './queries.js';
import { Me, NoInput } from './schema.js';

export const getMe = readOperation({
  name: 'getMe',
  summary: 'The signed-in user',
  access: 'user',
  input: NoInput,
  output: Me,
  async run(_deps: object, scope) {
    const me = await scope.db.row(meById, { userId: requireViewer(scope).userId });
    if (me === undefined) throw platformErrors.not_found();
    return me;
  },
});
