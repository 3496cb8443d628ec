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
