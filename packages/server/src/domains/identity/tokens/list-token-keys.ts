import { type Cursors, readPage } from '../../../platform/cursor/index.js';
import { readOperation } from '../../../platform/operation/index.js';
import { ListTokenKeysInput, TokenKeyPage } from './schema.js';
import { tokenKeysOfTenant } from './token-queries.js';

export const listTokenKeys = readOperation({
  name: 'listTokenKeys',
  summary: 'The keys that tokens are checked with, revoked ones included, newest first',
  access: 'secret',
  keyScope: 'keys:read',
  input: ListTokenKeysInput,
  output: TokenKeyPage,
  async run({ cursors }: { readonly cursors: Cursors }, { tenant, db }, { limit, cursor }) {
    return await readPage(cursors, {
      list: `token-keys/${tenant.id}`,
      limit,
      cursor,
      fetch: ({ key: beforeAt, id: beforeId }, count) =>
        db.rows(tokenKeysOfTenant, { beforeAt, beforeId, limit: count }),
      positionOf: (key) => ({ key: key.createdAt, id: key.id }),
    });
  },
});
