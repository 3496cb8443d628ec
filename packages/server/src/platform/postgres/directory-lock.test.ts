import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireDirectoryLock } from './directory-lock.js';
import { DataDirectoryInUse } from './errors.js';
import { processNamespace, processStartTime } from './process-identity.js';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'nova-lock-'));
  file = path.join(directory, 'nova.lock');
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function writeLock(record: { pid: number; startTime: string; namespace: string }): Promise<void> {
  await writeFile(file, JSON.stringify({ token: 'another', ...record }));
}

describe('acquireDirectoryLock', () => {
  it('is exclusive until released, and leaves no file', async () => {
    const lock = await acquireDirectoryLock(file);
    await expect(acquireDirectoryLock(file)).rejects.toBeInstanceOf(DataDirectoryInUse);
    await lock.release();
    await lock.release();
    await (await acquireDirectoryLock(file)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('lets one of many contenders for a stale lock win', async () => {
    await writeLock({ pid: process.pid, startTime: 'long ago', namespace: await processNamespace() });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquireDirectoryLock(file)));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['nova.lock']);
    await won[0]?.value.release();
  });

  it('takes over although an earlier attempt to take over was killed', async () => {
    const stale = { pid: process.pid, startTime: 'long ago', namespace: await processNamespace() };
    await writeLock(stale);
    await writeFile(`${file}.takeover`, JSON.stringify({ token: 'third', ...stale }));
    await (await acquireDirectoryLock(file)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('respects a living process and takes over from one whose id was used again', async () => {
    const startTime = (await processStartTime(process.ppid)) ?? '';
    const namespace = await processNamespace();
    await writeLock({ pid: process.ppid, startTime, namespace });
    await expect(acquireDirectoryLock(file)).rejects.toMatchObject({ code: 'directory_in_use', pid: process.ppid });
    await writeLock({ pid: process.ppid, startTime: `${startTime}0`, namespace });
    await (await acquireDirectoryLock(file)).release();
  });

  it('takes over a lock file that holds no lock', async () => {
    await writeFile(file, '{"token":');
    await (await acquireDirectoryLock(file)).release();
  });

  it('watches the heartbeat of an owner in another container', async () => {
    await writeLock({ pid: 1, startTime: '1', namespace: 'another' });
    const beating = setInterval(() => {
      const now = new Date();
      void utimes(file, now, now);
    }, 20);
    try {
      await expect(acquireDirectoryLock(file, 5_000)).rejects.toMatchObject({ code: 'directory_in_use', pid: 1 });
    } finally {
      clearInterval(beating);
    }
    const lock = await acquireDirectoryLock(file, 300);
    expect(await readFile(file, 'utf8')).toContain(`"pid":${process.pid}`);
    await lock.release();
  });

  it('does not remove a lock that somebody else holds by now', async () => {
    const lock = await acquireDirectoryLock(file);
    await rm(file);
    await writeLock({ pid: process.ppid, startTime: '', namespace: '' });
    await lock.release();
    expect(await readdir(directory)).toEqual(['nova.lock']);
  });
});
