/**
 * A lock between the processes of one machine: a file that is there while somebody holds it, and names the owner. Plain
 * Node built-ins only, for what runs before anything is installed.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Takes the lock; waits while its owner runs, and takes over what a dead one has left.
 *
 * @param {string} file its directory exists
 * @param {(owner: number) => void} onWait gets the owner's process id again and again; what it throws ends the waiting
 * @returns {Promise<() => void>} gives the lock back
 * @throws the error of the file system when the lock is free and the directory may not be written to
 */
export async function takeLock(file, onWait) {
  for (;;) {
    const owner = readOwner(file);
    if (owner === undefined) {
      if (create(file)) return () => rmSync(file, { force: true });
    } else if (isRunning(owner)) {
      onWait(owner.pid);
      await delay(POLL_MS);
    } else {
      // Of several who find the owner dead one at a time may look again and remove: the next would remove a new lock.
      const giveBack = await takeLock(`${file}.takeover`, onWait);
      try {
        const still = readOwner(file);
        if (still !== undefined && !isRunning(still)) rmSync(file);
      } finally {
        giveBack();
      }
    }
  }
}

/** @param {string} file @returns {boolean} whether it is ours now, and not somebody else's */
function create(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${startOf(process.pid)}\n`);
  try {
    // A link either makes the whole file or fails: nobody reads half of it.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft);
  }
}

/**
 * @typedef {{ pid: number, start: string }} Owner
 * @param {string} file
 * @returns {Owner | undefined} undefined when nobody holds the lock
 */
function readOwner(file) {
  try {
    const [pid, start = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return { pid: Number(pid), start };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** @param {Owner} owner */
function isRunning({ pid, start }) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
  }
  const found = startOf(pid);
  return found === '' || found === start;
}

/**
 * When a process started, in the system's own notation: tells it from a later one of the same id. Empty where the
 * system does not say; `ended` for one whose end nobody has taken notice of.
 *
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name is in parentheses and may hold anything; state and start are the fields 3 and 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
