/**
 * Builds the web app into dist/app, and each of its files compressed beside it: the server sends those as they are.
 * Does nothing when dist/app was built from the same sources, with the same client and the same Vite.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, version } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = join(root, 'dist/app');
const stamp = join(root, 'dist/app.sha256');
/** A file below this is sent in one packet either way. */
const MIN_COMPRESSED_BYTES = 1024;
const COMPRESSED = ['.css', '.html', '.js', '.svg'];

/** @param {string} path relative to the package @returns {string[]} the files below, sorted */
function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [full];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map((name) => join(full, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function fingerprint() {
  const hash = createHash('sha256').update(version);
  const sources = ['index.html', 'package.json', 'public', 'scripts/build.mjs', 'src', 'vite.config.ts'];
  for (const file of [...sources, '../client/dist'].flatMap(filesBelow)) {
    if (file.endsWith('.tsbuildinfo') || file.endsWith('.map')) continue;
    hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const wanted = fingerprint();
const isBuilt = existsSync(join(app, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
if (!isBuilt) {
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { emptyOutDir: true } });
  for (const file of filesBelow('dist/app')) {
    const body = readFileSync(file);
    if (!COMPRESSED.includes(extname(file)) || body.length < MIN_COMPRESSED_BYTES) continue;
    const brotli = {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    };
    writeFileSync(`${file}.br`, brotliCompressSync(body, brotli));
    writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, wanted);
}
