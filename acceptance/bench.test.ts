import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './fixtures/eventually.js';
import { killPostgres, postmasterOf } from './fixtures/processes.js';
import { gatherOutput } from './fixtures/program.js';
import { makeTemporaryDirectory, removeDirectory } from './fixtures/temporary-directory.js';

const BENCH = fileURLToPath(new URL('../packages/bench/dist/main.js', import.meta.url));
/** I14, and what the bench itself needs. */
const STOP_MS = 35_000;

let directory: string;
let bench: ChildProcess | undefined;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});

afterEach(async () => {
  bench?.kill('SIGKILL');
  for (const name of await readdir(directory)) killPostgres(path.join(directory, name, 'data'));
  await removeDirectory(directory);
});

// Seeded bug: a field that REST has and the GraphQL document of the bench has not.
it('runs every scenario and finds no wrong answer', { timeout: 180_000 }, async () => {
  const size = ['--users', '500', '--readers', '32', '--follows', '10', '--rounds', '1', '--duration', '0.1'];
  const child = spawn(process.execPath, [BENCH, ...size, '--out', path.join(directory, 'report')], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  bench = child;
  const output = gatherOutput(child);
  expect(await new Promise((resolve) => child.once('close', resolve)), output.stderr()).toBe(0);
});

describe('an interrupted bench', { timeout: 120_000 }, () => {
  it.each([
    ['SIGTERM', 'starting Nova'],
    ['SIGINT', 'filling the database'],
  ] as const)('stops its server at %s while it says "%s", and removes the data', async (by, step) => {
    const args = ['--users', '100', '--scenario', 'feed-first-page'];
    const child = spawn(process.execPath, [BENCH, ...args, '--out', path.join(directory, 'report')], {
      env: { ...process.env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    bench = child;
    const output = gatherOutput(child);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const place = await eventually('it has a directory', async () => (await readdir(directory))[0]);
    await eventually(step, () => output.stderr().includes(step), 60_000);
    // As a terminal does: to all of them.
    process.kill(-(child.pid ?? 0), by);
    await eventually('it ends', () => child.exitCode !== null || child.signalCode !== null, STOP_MS);
    expect(await ended, output.stderr()).toBe(1);
    expect(output.stderr()).toContain(`interrupted by ${by}`);
    expect(postmasterOf(path.join(directory, place, 'data'))).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
  });
});
