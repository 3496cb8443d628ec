/**
 * Mirrors `packages/<package>/src/**\/*.sql` into `dist`, beside the compiled modules that read them. A copy whose
 * source is gone is removed, or a renamed migration would be found twice. Unchanged files are left alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

/** @param {string} folder @returns {string[]} paths of SQL files relative to the folder */
function sqlFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
}

for (const name of readdirSync(packages)) {
  const source = join(packages, name, 'src');
  const target = join(packages, name, 'dist');
  const wanted = sqlFiles(source);
  for (const path of wanted) {
    const text = readFileSync(join(source, path));
    const copy = join(target, path);
    if (existsSync(copy) && readFileSync(copy).equals(text)) continue;
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
  }
  for (const path of sqlFiles(target)) {
    if (!wanted.includes(path)) rmSync(join(target, path));
  }
}
