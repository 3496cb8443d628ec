/** A merely slow statement ends by itself, and its connection lives on, before the caller's deadline would cut it. */
const SERVER_SHARE = 0.8;
/** Beyond the server's share: by then a server that is merely slow has said so. */
export const SILENT_SHARE = 0.9;

/** The `statement_timeout` in ms for a caller who has `timeoutMs` left. */
export function serverTimeoutMs(timeoutMs: number): number {
  return Math.max(Math.floor(timeoutMs * SERVER_SHARE), 1);
}

/**
 * Calls `expired` after `timeoutMs`, but not before what has arrived meanwhile was read: when the process itself was
 * busy for that long, the answers are there, and the database is not to blame. Returns what ends the waiting.
 */
export function onDeadline(timeoutMs: number, expired: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(
    () => {
      // Runs after the sockets of this turn of the event loop.
      last = setImmediate(expired);
    },
    Math.max(timeoutMs, 1),
  );
  return () => {
    clearTimeout(timer);
    if (last !== undefined) clearImmediate(last);
  };
}
