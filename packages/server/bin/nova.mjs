#!/usr/bin/env node
/** Starts the compiled command line. */
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Nova needs Node.js 20.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error('Nova is not built yet. In the repository root run `npm run setup` (or `npm start`, which does it).');
  process.exitCode = 1;
} else {
  await import(main.href);
}
