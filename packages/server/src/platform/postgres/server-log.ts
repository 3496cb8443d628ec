import { copyFile, open } from 'node:fs/promises';

/** The file that PostgreSQL writes its log to. */
export interface ServerLog {
  /** Descriptor to hand to the server as standard error. */
  readonly descriptor: number;
  /** Marks the present end; what is written from here on is what `since` returns (at most 64 KiB). */
  mark(): Promise<number>;
  since(mark: number): Promise<string>;
  close(): Promise<void>;
}

const TAIL_LIMIT = 64 * 1024;
const CHECK_INTERVAL_MS = 30_000;

/**
 * Opens PostgreSQL's log, kept below twice `maxBytes` (beyond that only by what 30 s can add): the full file becomes
 * `<file>.1` and starts anew. A file, not a pipe: the server neither blocks on a busy Nova nor breaks when Nova is
 * killed.
 */
export async function openServerLog(
  file: string,
  maxBytes: number,
  checkIntervalMs: number = CHECK_INTERVAL_MS,
): Promise<ServerLog> {
  const handle = await open(file, 'a+', 0o600);
  const rotateWhenFull = async (): Promise<void> => {
    if ((await handle.stat()).size <= maxBytes) return;
    // The server holds the descriptor, so the file is copied and emptied; append mode makes it go on at the start.
    await copyFile(file, `${file}.1`);
    await handle.truncate(0);
  };
  await rotateWhenFull();
  let rotation = Promise.resolve();
  const timer = setInterval(() => {
    // A full disk must not end the server; the next check tries again.
    rotation = rotation.then(rotateWhenFull).catch(() => undefined);
  }, checkIntervalMs);
  timer.unref();
  return {
    descriptor: handle.fd,
    mark: async () => (await handle.stat()).size,
    since: async (mark) => {
      const { size } = await handle.stat();
      const start = Math.max(mark <= size ? mark : 0, size - TAIL_LIMIT);
      const buffer = Buffer.alloc(size - start);
      await handle.read(buffer, 0, buffer.length, start);
      return buffer.toString('utf8');
    },
    close: async () => {
      clearInterval(timer);
      await rotation;
      await handle.close();
    },
  };
}
