import { writeSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServerLog } from './server-log.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'nova-log-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('openServerLog', () => {
  it('gives back what was written since a mark', async () => {
    const log = await openServerLog(path.join(directory, 'postgres.log'), 1_000);
    writeSync(log.descriptor, 'before\n');
    const mark = await log.mark();
    writeSync(log.descriptor, 'after\n');
    expect(await log.since(mark)).toBe('after\n');
    await log.close();
  });

  it('moves a full file aside, and its writer goes on at the start of the emptied one', async () => {
    const file = path.join(directory, 'postgres.log');
    const log = await openServerLog(file, 1_000, 10);
    for (let round = 1; round <= 2; round += 1) {
      writeSync(log.descriptor, `${round}`.repeat(2_000));
      await expect.poll(async () => (await stat(file)).size, { timeout: 10_000 }).toBe(0);
      expect(await readFile(`${file}.1`, 'utf8')).toBe(`${round}`.repeat(2_000));
    }
    await log.close();
  });
});
