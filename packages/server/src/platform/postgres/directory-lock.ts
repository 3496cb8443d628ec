import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DataDirectoryInUse, errorCode } from './errors.js';
import { processNamespace, processStartTime } from './process-identity.js';

/** Proof of exclusive ownership of a data directory. */
export interface DirectoryLock {
  /** Gives the directory up; harmless when called again. */
  release(): Promise<void>;
}

interface LockRecord {
  readonly token: string;
  readonly pid: number;
  readonly startTime: string;
  readonly namespace: string;
}

const HEARTBEAT_MS = 3_000;
/** Four missed heartbeats: the owner is gone, or frozen for so long that PostgreSQL's own interlock must decide. */
const SILENCE_MS = 12_000;
const TAKEOVER_POLL_MS = 10;

/**
 * Takes the lock file, so that two Novas never share one data directory. An owner in the same process name space is
 * checked by process id and start time; one in another (a container that shares the volume) by its heartbeat.
 *
 * @param file path of the lock file; its directory exists.
 * @param silenceMs how long a lock of another name space must show no heartbeat before it counts as abandoned.
 * @throws DataDirectoryInUse when its owner lives.
 */
export async function acquireDirectoryLock(file: string, silenceMs: number = SILENCE_MS): Promise<DirectoryLock> {
  const record: LockRecord = {
    token: randomUUID(),
    pid: process.pid,
    startTime: (await processStartTime(process.pid)) ?? '',
    namespace: await processNamespace(),
  };
  const draft = `${file}.${record.token}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o644, flag: 'wx' });
  try {
    for (;;) {
      try {
        // A hard link either makes the complete file or fails: no reader sees half of it, no second writer succeeds.
        await link(draft, file);
        return await hold(file, record);
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const owner = parseRecord(text);
      if (owner !== undefined && (await isAlive(owner, record.namespace, file, silenceMs))) {
        throw new DataDirectoryInUse(path.dirname(file), owner.pid);
      }
      if (await takeOver(file, text, draft, record.namespace, silenceMs)) return await hold(file, record);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function hold(file: string, record: LockRecord): Promise<DirectoryLock> {
  const handle: FileHandle = await open(file, 'r+');
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A missed beat is made good by the next; a file taken away by hand is not ours to restore.
    handle.utimes(now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    clearInterval(heartbeat);
    await handle.close();
    const text = await readFile(file, 'utf8').catch(() => '');
    if (parseRecord(text)?.token === record.token) await rm(file, { force: true });
  };
  return {
    release: () => {
      released ??= release();
      return released;
    },
  };
}

async function isAlive(owner: LockRecord, namespace: string, file: string, silenceMs: number): Promise<boolean> {
  if (owner.namespace === namespace) {
    const started = await processStartTime(owner.pid);
    return started !== undefined && started === owner.startTime;
  }
  // Watched for change with this process's own clock: two machines' clocks need not agree.
  const before = await modified(file);
  const deadline = performance.now() + silenceMs;
  while (performance.now() < deadline) {
    await delay(Math.min(200, silenceMs));
    const now = await modified(file);
    if (now === undefined) return false;
    if (now !== before) return true;
  }
  return false;
}

async function modified(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}

/**
 * Replaces a stale lock by one's own. Of several contenders one holds the takeover file; under it the lock is read
 * again, because an earlier contender may have replaced it since it was found stale.
 */
async function takeOver(
  file: string,
  staleText: string,
  draft: string,
  namespace: string,
  silenceMs: number,
): Promise<boolean> {
  const takeover = `${file}.takeover`;
  try {
    await link(draft, takeover);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const contender = parseRecord(await readFile(takeover, 'utf8').catch(() => ''));
    if (contender !== undefined && !(await isAlive(contender, namespace, takeover, silenceMs))) {
      await rm(takeover, { force: true });
    }
    await delay(TAKEOVER_POLL_MS);
    return false;
  }
  try {
    if ((await readFile(file, 'utf8').catch(() => undefined)) !== staleText) return false;
    await rename(draft, file);
    return true;
  } finally {
    await rm(takeover, { force: true });
  }
}

function parseRecord(text: string): LockRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockRecord>;
    const { token, pid, startTime, namespace } = value;
    if (typeof token !== 'string' || typeof pid !== 'number') return undefined;
    if (typeof startTime !== 'string' || typeof namespace !== 'string') return undefined;
    return { token, pid, startTime, namespace };
  } catch {
    return undefined;
  }
}
