/**
 * `npm run generate` writes the committed descriptions of Nova's interfaces from the code that implements them.
 * `npm run generate:check` writes them to a temporary folder instead and fails when the committed ones differ.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = [
  'generated/openapi.json',
  'generated/schema.graphql',
  'generated/queries.sql',
  'docs/configuration.md',
  'docs/errors.md',
];

/** The part of the client that follows from the OpenAPI document: a file for each domain, so not known by name. */
const clientFolder = 'packages/client/src/generated';

/** @param {string[]} args */
function node(args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
}

/**
 * Says where a committed file differs from the generated one.
 *
 * @param {string} file
 * @param {string} folder holding the generated files
 * @returns {string | undefined} undefined when they are equal
 */
function drift(file, folder) {
  if (!existsSync(join(root, file))) return `${file}: not committed`;
  if (!existsSync(join(folder, file))) return `${file}: no longer generated`;
  const committed = readFileSync(join(root, file), 'utf8').split('\n');
  const generated = readFileSync(join(folder, file), 'utf8').split('\n');
  const count = Math.max(committed.length, generated.length);
  for (let line = 0; line < count; line += 1) {
    if (committed[line] === generated[line]) continue;
    return `${file}:${line + 1}\n  committed: ${committed[line] ?? '(end)'}\n  generated: ${generated[line] ?? '(end)'}`;
  }
  return undefined;
}

/** @param {string} folder */
function generate(folder) {
  for (const name of ['generated', 'docs']) mkdirSync(join(folder, name), { recursive: true });
  node([join(root, 'packages/server/dist/main.js'), 'generate', '--out', folder]);
  const missing = files.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) throw new Error(`the generator did not write ${missing.join(', ')}`);
  const openApi = join(folder, 'generated/openapi.json');
  node([join(root, 'packages/client/scripts/generate.mjs'), openApi, join(folder, clientFolder)]);
}

/** @param {string} folder @returns {string[]} files of the client below it */
function clientFiles(folder) {
  const below = join(folder, clientFolder);
  if (!existsSync(below)) return [];
  return readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

node([join(root, 'scripts/setup.mjs')]);

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'nova-generate-'));
  try {
    generate(folder);
    const compared = [...files, ...new Set([...clientFiles(root), ...clientFiles(folder)])];
    const drifted = compared.map((file) => drift(file, folder)).filter((text) => text !== undefined);
    for (const text of drifted) console.error(text);
    if (drifted.length > 0) {
      console.error('Generated files are out of date: run `npm run generate` and commit the result.');
      process.exitCode = 1;
    } else {
      console.log(`${compared.length} generated files are up to date.`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  generate(root);
  console.log(`Wrote ${[...files, clientFolder].join(', ')}.`);
}
