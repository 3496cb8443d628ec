/**
 * `npm test`: makes the clone ready, then runs vitest once. Arguments are passed on to vitest, so
 * `npm test -- packages/server/src/domains/graph -t "counts"` runs what matches. `--external` instead runs the specs in
 * acceptance/external, which need the engines that scripts/engines.mjs starts.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const external = args.includes('--external');

/** @param {string[]} command */
function node(command) {
  const env = external ? { ...process.env, TEST_EXTERNAL: '1' } : process.env;
  const { status, error } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

node([join(root, 'scripts/setup.mjs')]);
node([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args.filter((arg) => arg !== '--external')]);
