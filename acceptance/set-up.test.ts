import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './fixtures/eventually.js';
import { signal } from './fixtures/processes.js';
import { gatherOutput } from './fixtures/program.js';
import { makeTemporaryDirectory, removeDirectory } from './fixtures/temporary-directory.js';

const SCRIPTS = fileURLToPath(new URL('../scripts', import.meta.url));

/** Stands for npm: installs a compiler that says that it ran, and holds still where `hold` is, until it is gone. */
const NPM = `
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
appendFileSync('installs', process.pid + '\\n');
rmSync('node_modules', { recursive: true, force: true });
while (existsSync('hold')) await new Promise((resolve) => setTimeout(resolve, 20));
mkdirSync('node_modules/typescript/bin', { recursive: true });
writeFileSync('node_modules/typescript/package.json', '{"version":"1.0.0"}');
writeFileSync('node_modules/typescript/bin/tsc', 'require("node:fs").appendFileSync("builds", "x")');
writeFileSync('node_modules/.package-lock.json', process.env.LOCKED);
`;
const LOCKED = JSON.stringify({
  packages: { 'node_modules/typescript': { version: '1.0.0', bin: { tsc: 'bin/tsc' } } },
});

let clone: string;
let started: ChildProcess[];

beforeEach(async () => {
  started = [];
  clone = await makeTemporaryDirectory();
  await cp(SCRIPTS, path.join(clone, 'scripts'), { recursive: true });
  await mkdir(path.join(clone, 'packages'));
  await writeFile(path.join(clone, 'package.json'), '{"type":"module"}');
  await writeFile(path.join(clone, 'package-lock.json'), LOCKED);
  await writeFile(path.join(clone, 'npm-cli.js'), NPM);
});

afterEach(async () => {
  await rm(inClone('hold'), { force: true });
  for (const pid of await installs()) signal(pid, 'SIGKILL');
  for (const child of started) child.kill('SIGKILL');
  await removeDirectory(clone);
});

function inClone(name: string): string {
  return path.join(clone, name);
}

async function linesOf(name: string): Promise<string[]> {
  return (await readFile(inClone(name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}

/** Process ids of the installs so far. */
async function installs(): Promise<number[]> {
  return (await linesOf('installs')).map(Number);
}

function setUp() {
  const child = spawn(process.execPath, [inClone('scripts/setup.mjs')], {
    env: { ...process.env, npm_execpath: inClone('npm-cli.js'), LOCKED },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const output = gatherOutput(child);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code) => resolve(`${code} ${output.stderr()}`));
  });
  return { pid: child.pid ?? 0, stop: (by: NodeJS.Signals) => child.kill(by), stdout: output.stdout, ended };
}

describe('set-up', () => {
  // Turned red by two installs at a time: npm removes what the other has just installed.
  it('lets a second one wait, which says for whom', async () => {
    await writeFile(inClone('hold'), '');
    const first = setUp();
    await eventually('the first installs', async () => (await installs()).length === 1);
    const second = setUp();
    await eventually('the second waits', () => second.stdout().includes(`process ${first.pid}`));
    await rm(inClone('hold'));
    expect([await first.ended, await second.ended]).toEqual(['0 ', '0 ']);
    expect(await installs()).toHaveLength(1);
    expect(await linesOf('builds')).toEqual(['xx']);
    expect(existsSync(inClone('.setup.lock'))).toBe(false);
  });

  it('takes over from ones that were killed, one at a time', async () => {
    await writeFile(inClone('hold'), '');
    const killed = setUp();
    await eventually('it installs', async () => (await installs()).length === 1);
    killed.stop('SIGKILL');
    await killed.ended;
    for (const pid of await installs()) signal(pid, 'SIGKILL');
    // One more was killed while it took over.
    await cp(inClone('.setup.lock'), inClone('.setup.lock.takeover'));
    const next = [setUp(), setUp(), setUp()];
    await eventually('another installs', async () => (await installs()).length === 2);
    await rm(inClone('hold'));
    expect(await Promise.all(next.map(({ ended }) => ended))).toEqual(['0 ', '0 ', '0 ']);
    expect(await installs()).toHaveLength(2);
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'does not take a later process for the owner because it has the same id',
    async () => {
      await writeFile(inClone('.setup.lock'), `${process.pid} 1\n`);
      expect(await setUp().ended).toBe('0 ');
    },
  );

  it('ends its install when it is asked to end', async () => {
    await writeFile(inClone('hold'), '');
    const stopped = setUp();
    await eventually('it installs', async () => (await installs()).length === 1);
    stopped.stop('SIGTERM');
    expect(await stopped.ended).toMatch(/^1 .*ended by SIGTERM/);
    const [install = 0] = await installs();
    expect(() => process.kill(install, 0)).toThrow('ESRCH');
    expect(existsSync(inClone('.setup.lock'))).toBe(false);
  });

  // Turned red by trust in npm's list of what it has installed.
  it.each(['node_modules/typescript', 'node_modules/typescript/bin/tsc'])(
    'installs again when %s is gone',
    async (lost) => {
      expect(await setUp().ended).toBe('0 ');
      expect(await setUp().ended).toBe('0 ');
      expect(await installs()).toHaveLength(1);
      await rm(inClone(lost), { recursive: true });
      expect(await setUp().ended).toBe('0 ');
      expect(await installs()).toHaveLength(2);
    },
  );
});
