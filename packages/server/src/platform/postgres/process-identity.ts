import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * When a process started, in the system's own notation: together with the process id it names a process for good,
 * where the id alone is used again.
 *
 * @returns undefined when there is no such process, or only a zombie of it.
 */
export async function processStartTime(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return undefined;
    // proc(5): the second field is the command in parentheses, which may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    return state === 'Z' || state === 'X' ? undefined : fields[19];
  }
  const started = await ps(pid, 'lstart=');
  return started === '' ? undefined : started;
}

/**
 * The name space in which a process id means something: the running kernel and, in it, the container. Two processes
 * that see different ones cannot see one another.
 */
export async function processNamespace(): Promise<string> {
  if (process.platform === 'linux') {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => os.hostname());
    const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
    return `${boot.trim()} ${namespace}`;
  }
  return os.hostname();
}

/** Whether a process is the postmaster of the cluster in `cluster` (a real path). */
export async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    // Not /proc/<pid>/cwd: root in a container without CAP_SYS_PTRACE may not read another account's.
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [program, ...args] = command.split('\0');
    return program !== undefined && path.basename(program) === 'postgres' && args.includes(cluster);
  }
  const command = await ps(pid, 'command=');
  return command.includes('postgres') && command.includes(cluster);
}

/** The processes whose title (what `ps` shows as their command) starts with the given text. */
export async function processesTitled(prefix: string): Promise<number[]> {
  const found: number[] = [];
  if (process.platform === 'linux') {
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const title = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
      if (title.startsWith(prefix)) found.push(Number(entry));
    }
    return found;
  }
  for (const line of (await runPs(['-ax', '-o', 'pid=,command='])).split('\n')) {
    const [, pid, title] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    if (title?.startsWith(prefix)) found.push(Number(pid));
  }
  return found;
}

async function ps(pid: number, column: string): Promise<string> {
  return (await runPs(['-o', column, '-p', String(pid)])).trim();
}

function runPs(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('ps', args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => resolve(error === null ? stdout : ''));
  });
}
