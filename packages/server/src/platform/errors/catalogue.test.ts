import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCatalogue } from '../../registry.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

// Seeded bug that turns this red: a code that the reference promises and nobody throws.
test('every error of the catalogue is made somewhere', async () => {
  const names = await readdir(ROOT, { recursive: true });
  const sources = names.filter((name) => /(?<!\.test)\.ts$/.test(name) && !name.startsWith('testing'));
  const made = new Set<string | undefined>();
  for (const name of sources) {
    const text = await readFile(ROOT + name, 'utf8');
    for (const [, code] of text.matchAll(/\b\w+Errors\.(\w+)\(/g)) made.add(code);
  }
  expect(Object.keys(errorCatalogue()).filter((code) => !made.has(code))).toEqual([]);
});
