import { open } from 'node:fs/promises';

/** Makes a file's content, or a directory's entries, survive a power failure. */
export async function syncPath(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
