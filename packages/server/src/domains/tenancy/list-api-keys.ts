import { type Cursors, readPage } from '../../platform/cursor/index.js';
import { readOperation } from '../../platform/operation/index.js';
import { keysOfTenant } from './key-queries.js';
import { ApiKeyPage, ListApiKeysInput, presentKey } from './schema.js';

export const listApiKeys = readOperation({
  name: 'listApiKeys',
  summary: 'The API keys of the tenant, newest first, ended ones included',
  access: 'secret',
  keyScope: 'keys:read',
  input: ListApiKeysInput,
  output: ApiKeyPage,
  async run({ cursors }: { readonly cursors: Cursors }, { db, tenant }, { limit, cursor }) {
    const page = await readPage(cursors, {
      list: `keys/${tenant.id}`,
      limit,
      cursor,
      fetch: ({ key: beforeAt, id: beforeId }, count) => db.rows(keysOfTenant, { beforeAt, beforeId, limit: count }),
      positionOf: (key) => ({ key: key.createdAt, id: key.id }),
    });
    return { ...page, items: page.items.map(presentKey) };
  },
});
