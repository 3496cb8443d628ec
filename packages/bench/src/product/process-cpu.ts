import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own tick (proc(5), sysconf(_SC_CLK_TCK)). */
const TICK_MS = 10;
const QUIET_SHARE = 0.1;
const QUIET_WINDOW_MS = 250;
const QUIET_DEADLINE_MS = 15_000;

export interface CpuTimes {
  /** Processor time of the server's processes so far, in ms. */
  readonly serverMs: number;
  /** The same of the PostgreSQL server and its backends. */
  readonly postgresMs: number;
}

/** Reads the processor time of the product's processes; null where there is no /proc. */
export async function readCpuTimes(serverPids: readonly number[], dataDir: string): Promise<CpuTimes | null> {
  const pidFile = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const postmaster = Number(pidFile.split('\n')[0]);
  if (!(postmaster > 0)) return null;
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await readStat(pid) })));
  let serverMs = 0;
  let postgresMs = 0;
  for (const { pid, stat } of stats) {
    if (stat === undefined) continue;
    if (serverPids.includes(pid)) serverMs += stat.cpuMs;
    // What ended backends have used is kept by the postmaster.
    else if (pid === postmaster) postgresMs += stat.cpuMs + stat.endedChildrenMs;
    else if (stat.parent === postmaster) postgresMs += stat.cpuMs;
  }
  return serverMs > 0 ? { serverMs, postgresMs } : null;
}

/** Processor time of one process so far, in ms; null where there is no /proc. */
export async function readCpuMs(pid: number): Promise<number | null> {
  return (await readStat(pid))?.cpuMs ?? null;
}

/** Time that the machine's processors were busy so far, whoever used them, in ms; null where there is no /proc. */
export async function readMachineBusyMs(): Promise<number | null> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  const [user, nice, system, , , irq, softIrq, steal] = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').map(Number) ?? [];
  if (user === undefined || nice === undefined || system === undefined) return null;
  return (user + nice + system + (irq ?? 0) + (softIrq ?? 0) + (steal ?? 0)) * TICK_MS;
}

interface ProcessStat {
  readonly parent: number;
  readonly cpuMs: number;
  readonly endedChildrenMs: number;
}

async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name may hold spaces and brackets: the fields begin behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 15) return undefined;
  const ms = (index: number) => Number(fields[index]) * TICK_MS;
  return { parent: Number(fields[1]), cpuMs: ms(11) + ms(12), endedChildrenMs: ms(13) + ms(14) };
}

/** Waits until what the last load left behind (events, checkpoints) is worked off, for 15 s at most. */
export async function settle(read: () => Promise<CpuTimes | null>): Promise<void> {
  const deadline = performance.now() + QUIET_DEADLINE_MS;
  let before = await read();
  while (before !== null && performance.now() < deadline) {
    const since = performance.now();
    await delay(QUIET_WINDOW_MS);
    const now = await read();
    if (now === null) return;
    const usedMs = now.serverMs - before.serverMs + (now.postgresMs - before.postgresMs);
    if (usedMs / (performance.now() - since) < QUIET_SHARE) return;
    before = now;
  }
}
