import { writeOperation } from '../../platform/operation/index.js';
import { issueKey } from './issue-key.js';
import { CreateApiKeyInput, CreatedApiKey } from './schema.js';

export const createApiKey = writeOperation({
  name: 'createApiKey',
  summary: 'Make an API key; it is shown once',
  access: 'secret',
  input: CreateApiKeyInput,
  output: CreatedApiKey,
  secretOutput: ['key'],
  run: async (_deps: object, { db }, { kind }) => await issueKey(db, kind),
});
