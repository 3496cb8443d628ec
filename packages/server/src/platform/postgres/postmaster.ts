import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode } from './errors.js';
import { isPostmasterOf, processesTitled } from './process-identity.js';

/** What the postmaster writes of itself into postmaster.pid. */
export interface PostmasterStatus {
  readonly pid: number;
  readonly ready: boolean;
}

const POLL_MS = 20;
const BACKEND_DEADLINE_MS = 3_000;

/** PostgreSQL's `cluster_name`: it stands in the title of every backend, and so tells whose backend it is. */
export function clusterName(cluster: string): string {
  return `nova-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`;
}

/** Reads postmaster.pid: line 1 is the process id, line 8 the state (PostgreSQL's utils/pidfile.h). */
export async function readPostmasterStatus(cluster: string): Promise<PostmasterStatus | undefined> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Ends a postmaster that outlived its Nova (kill -9 of Nova leaves PostgreSQL running). The caller holds the directory
 * lock, so nobody else is using that postmaster.
 *
 * @param cluster real path of PostgreSQL's data directory.
 * @param deadlineMs time given to the fast shutdown, and again to the immediate one.
 * @returns the process id of the postmaster that was stopped, if there was one.
 * @throws EmbeddedPostgresError `orphan_will_not_stop`.
 */
export async function stopOrphan(cluster: string, deadlineMs: number): Promise<number | undefined> {
  const status = await readPostmasterStatus(cluster);
  if (status === undefined) return undefined;
  const { pid } = status;
  if (!(await isPostmasterOf(pid, cluster))) {
    // The id belongs to nobody, or meanwhile to somebody else, for whom PostgreSQL would refuse to start.
    await endBackends(cluster);
    await rm(path.join(cluster, 'postmaster.pid'), { force: true });
    return undefined;
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    sendSignal(pid, signal);
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      if (!(await isPostmasterOf(pid, cluster))) return pid;
      await delay(POLL_MS);
    }
  }
  throw new EmbeddedPostgresError(
    'orphan_will_not_stop',
    `A PostgreSQL server (process ${pid}) left by an earlier Nova still runs on ${cluster} and does not stop. ` +
      'End it by hand and start again.',
  );
}

/**
 * Ends backends whose postmaster is gone. One that computes does not notice its postmaster's death before its next
 * message or wait, and until then keeps the shared memory in use and a new server from starting. The signal is the
 * one that a postmaster sends after a crash, then SIGKILL.
 */
export async function endBackends(cluster: string): Promise<void> {
  const title = `postgres: ${clusterName(cluster)}: `;
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const deadline = performance.now() + BACKEND_DEADLINE_MS;
    let backends = await processesTitled(title);
    for (const pid of backends) sendSignal(pid, signal);
    while (backends.length > 0 && performance.now() < deadline) {
      await delay(POLL_MS);
      backends = await processesTitled(title);
    }
    if (backends.length === 0) return;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone meanwhile, or of another account: the caller's wait tells which.
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error;
  }
}
