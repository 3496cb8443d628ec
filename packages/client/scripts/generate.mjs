/**
 * `node packages/client/scripts/generate.mjs <openapi.json> <folder>` writes the generated part of the client into the
 * folder and removes what is no longer generated.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOpenApi } from './read-openapi.mjs';
import { renderClient } from './render-client.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** @param {string} name @param {string} text */
function formatted(name, text) {
  const at = `packages/client/src/generated/${name}`;
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [biome, 'check', '--write', `--stdin-file-path=${at}`],
    {
      cwd: root,
      input: text,
      encoding: 'utf8',
    },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(`Biome refuses ${name}: ${stderr}`);
  return stdout;
}

const [source, folder] = process.argv.slice(2);
if (source === undefined || folder === undefined) throw new Error('usage: generate.mjs <openapi.json> <folder>');
const files = renderClient(readOpenApi(JSON.parse(readFileSync(source, 'utf8'))));
for (const [name, text] of Object.entries(files)) {
  const target = join(folder, name);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, formatted(name, text));
}
if (existsSync(folder)) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !Object.hasOwn(files, relative(folder, path).replaceAll('\\', '/'))) rmSync(path);
  }
}
