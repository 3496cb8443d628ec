/** `npm run size -w packages/web` prints what a first visit loads: each file as built, gzipped and in Brotli. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

await import('./build.mjs');

const app = fileURLToPath(new URL('../dist/app/', import.meta.url));
const sum = [0, 0, 0];
/** @param {number[]} sizes @param {string} name */
const line = (sizes, name) => {
  const [bytes = 0, gzipped = 0, brotli = 0] = sizes.map((size) => String(size).padStart(7));
  console.log(`${bytes} bytes, ${gzipped} gzipped, ${brotli} Brotli: ${name}`);
};
for (const name of readdirSync(app, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!/\.(css|html|js|svg)$/.test(name)) continue;
  const sizes = ['', '.gz', '.br'].map((extension) => {
    const file = app + name + extension;
    return statSync(existsSync(file) ? file : app + name).size;
  });
  for (const [at, size] of sizes.entries()) sum[at] = (sum[at] ?? 0) + size;
  line(sizes, name);
}
line(sum, 'in all');
