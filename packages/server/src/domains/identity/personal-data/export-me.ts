import { readOperation, requireViewer } from '../../../platform/operation/index.js';
import { type ExportDeps, readExport } from './read-export.js';
import { ExportMeInput, ExportPage } from './schema.js';

export const exportMe = readOperation({
  name: 'exportMe',
  summary: 'All that is held of you, page by page',
  access: 'user',
  input: ExportMeInput,
  output: ExportPage,
  async run(deps: ExportDeps, scope, { limit, cursor }) {
    return await readExport(deps, scope, { list: 'export-me', userId: requireViewer(scope).userId, limit, cursor });
  },
});
