import { platformErrors } from '../../../platform/errors/index.js';
import { readOperation } from '../../../platform/operation/index.js';
import { usersByIds } from '../queries.js';
import { type ExportDeps, readExport } from './read-export.js';
import { ExportPage, ExportUserInput } from './schema.js';

/** Errors: `not_found` for unknown and deleted users. */
export const exportUser = readOperation({
  name: 'exportUser',
  summary: 'All that is held of a user, page by page',
  access: 'secret',
  keyScope: 'users:read',
  input: ExportUserInput,
  output: ExportPage,
  async run(deps: ExportDeps, scope, { userId, limit, cursor }) {
    const [user, page] = await Promise.all([
      scope.db.row(usersByIds, { ids: [userId] }),
      readExport(deps, scope, { list: 'export-user', userId, limit, cursor }),
    ]);
    if (user === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
    return page;
  },
});
