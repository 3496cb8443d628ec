/**
 * Makes a fresh clone ready to run: installs the locked dependencies when they are missing or differ from
 * package-lock.json, then builds what is stale. Plain Node built-ins only, because it runs before anything is
 * installed; needs no network when the dependencies are already there. Several at a time take turns.
 *
 * Exit codes: 0 ready; 1 wrong Node version, failed install, failed build or a turn that never came.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './exclusive-lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A step that takes longer than this (ms) says what it is doing; a shorter one stays silent. */
const SILENCE_MS = 1500;
/** Longer than an install takes over a bad line. */
const TURN_DEADLINE_MS = 20 * 60_000;
const STOP_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Nova needs Node.js 20.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exit(1);
}

/** Waits until no other set-up is at work here, and keeps further ones waiting until this process ends. */
async function takeTurn() {
  const file = join(root, '.setup.lock');
  const startedAt = Date.now();
  let announced = false;
  try {
    const giveBack = await takeLock(file, (owner) => {
      const waitedMs = Date.now() - startedAt;
      if (waitedMs > TURN_DEADLINE_MS) {
        console.error(`Process ${owner} has been setting up this directory for too long: end it, or remove ${file}.`);
        process.exit(1);
      }
      if (announced || waitedMs < SILENCE_MS) return;
      announced = true;
      console.log(`Waiting for process ${owner}, which is setting up this directory ...`);
    });
    process.once('exit', giveBack);
  } catch (error) {
    // Who may not write here can neither install nor build, and disturbs nobody.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) throw error;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json as the last
 * act of an install, so an interrupted install counts as missing. The packages are looked at too: another install at
 * the same time can remove them after that list is written. Contents are compared, not times: a checkout changes times
 * without changing contents. Packages for other platforms are absent rightly, hence `optional`.
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
    if (!isWhole(path, wanted)) return `${path} is not complete`;
  }
  return undefined;
}

/**
 * Whether a package is there, in its version and with its programs.
 *
 * @param {string} path
 * @param {{ version?: string, link?: boolean, bin?: Record<string, string> }} wanted
 */
function isWhole(path, { version, link = false, bin = {} }) {
  const folder = join(root, path);
  if (link) return existsSync(folder);
  try {
    if (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version !== version) return false;
  } catch {
    return false;
  }
  return Object.values(bin).every((program) => existsSync(join(folder, program)));
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
    // Ended alone, this process would leave a child at work whom nobody waits for any more.
    const stop = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    for (const signal of STOP_SIGNALS) process.on(signal, stop);
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const end = (/** @type {boolean} */ good, /** @type {string} */ reason) => {
      clearTimeout(timer);
      for (const signal of STOP_SIGNALS) process.off(signal, stop);
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
await takeTurn();

const reason = reasonToInstall();
if (reason) {
  const { command, first } = npmCommand();
  // Development packages carry the compiler, optional ones the platform binaries: both are needed whatever NODE_ENV says.
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  await run(`Installing dependencies (${reason})`, command, args, { announce: true });
}

await run('Building', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
await run('Copying SQL', process.execPath, [join(root, 'scripts/copy-sql.mjs')]);
const webBuild = join(root, 'packages/web/scripts/build.mjs');
if (existsSync(webBuild)) await run('Building the web app', process.execPath, [webBuild]);
