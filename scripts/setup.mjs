/**
 * Makes a fresh clone ready to run: installs the locked dependencies when they are missing or differ from
 * package-lock.json, then builds what is stale. Plain Node built-ins only, because it runs before anything is
 * installed; needs no network when the dependencies are already there.
 *
 * Exit codes: 0 ready; 1 wrong Node version, failed install or failed build.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A step that takes longer than this (ms) says what it is doing; a shorter one stays silent. */
const SILENCE_MS = 1500;

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Nova needs Node.js 20.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exit(1);
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json as the last
 * act of an install, so an interrupted install counts as missing. Contents are compared, not times: a checkout
 * changes times without changing contents. Packages for other platforms are absent rightly, hence `optional`.
 *
 * @returns {string | undefined} the reason to install, or undefined when nothing is to do
 */
function reasonToInstall() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'the dependencies are not installed yet';
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [path, wanted] of Object.entries(locked)) {
    if (!path.includes('node_modules/') || wanted.inBundle) continue;
    const found = installed[path];
    if (!found) {
      if (wanted.optional || wanted.devOptional || wanted.peer) continue;
      return `${path} is missing`;
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity) return `${path} has changed`;
  }
  return undefined;
}

/**
 * Runs a command in the repository root. Its output is held back and shown when it fails.
 *
 * @param {string} what said when the command takes long or fails
 * @param {string} command
 * @param {string[]} args
 * @param {{ announce?: boolean }} [options] announce: say at once what is done, not only when it takes long
 */
function run(what, command, args, { announce = false } = {}) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    let announced = announce;
    if (announce) console.log(`${what} ...`);
    const timer = setTimeout(() => {
      if (!announced) console.log(`${what} ...`);
      announced = true;
    }, SILENCE_MS);
    /** @type {Buffer[]} */
    const output = [];
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const end = (/** @type {boolean} */ good, /** @type {string} */ reason) => {
      clearTimeout(timer);
      if (good) {
        if (announced) console.log(`${what}: done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
        resolve(undefined);
        return;
      }
      process.stderr.write(Buffer.concat(output));
      console.error(`${what} failed: ${reason}`);
      process.exit(1);
    };
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code, signal) => end(code === 0, signal ? `ended by ${signal}` : `exit code ${code}`));
  });
}

/** The npm that started this script, if one did; else the one on the path. */
function npmCommand() {
  const npm = process.env.npm_execpath;
  return npm && basename(npm) === 'npm-cli.js'
    ? { command: process.execPath, first: [npm] }
    : { command: 'npm', first: [] };
}

checkNodeVersion();

const reason = reasonToInstall();
if (reason) {
  const { command, first } = npmCommand();
  // Development packages carry the compiler, optional ones the platform binaries: both are needed whatever NODE_ENV says.
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  await run(`Installing dependencies (${reason})`, command, args, { announce: true });
}

await run('Building', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
await run('Copying SQL', process.execPath, [join(root, 'scripts/copy-sql.mjs')]);
