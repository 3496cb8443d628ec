import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Makes a file's content, or a directory's entries, survive a power failure. */
export async function syncPath(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file for the eyes of its directory's owner only. At any moment, a power failure included, it has its old
 * content or all of the new one.
 */
export async function replacePrivateFile(file: string, content: string): Promise<void> {
  const directory = path.dirname(file);
  const draft = `${file}.new`;
  // One left behind would keep its own mode.
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    // What root writes into somebody's directory belongs to that somebody, who could not read it otherwise.
    if (process.geteuid?.() === 0) {
      const { uid, gid } = await stat(directory);
      await handle.chown(uid, gid);
    }
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncPath(directory);
}
