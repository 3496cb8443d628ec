import { HttpConnection, type Target } from './http-connection.js';
import type { LoadSource } from './load-source.js';
import { type LoadResult, Tally } from './tally.js';

export interface ClosedLoopOptions {
  readonly target: Target;
  readonly source: LoadSource;
  readonly connections: number;
  /** Measured time, in ms. */
  readonly durationMs: number;
  /** Time before it whose answers are checked but not counted, in ms. */
  readonly warmUpMs: number;
}

/**
 * Each connection sends its next request when the last one is answered: finds how much the server can do, and says
 * nothing about latency at a given load (that is what the open loop is for). A connection that the server closed is
 * opened again; one that cannot be opened ends the run.
 */
export async function runClosedLoop(options: ClosedLoopOptions): Promise<LoadResult> {
  const { target, source, durationMs, warmUpMs } = options;
  const tally = new Tally(source);
  const connections = await Promise.all(Array.from({ length: options.connections }, () => HttpConnection.open(target)));
  const from = performance.now() + warmUpMs;
  const until = from + durationMs;
  let sent = 0;

  const drive = (opened: HttpConnection) =>
    new Promise<void>((resolve, reject) => {
      let connection = opened;
      const sendNext = () => {
        const index = sent++;
        const request = source.next(index);
        const sentAt = performance.now();
        connection.send(request.wire, (answer) => {
          const now = performance.now();
          tally.answered(request, answer, index, now >= from && now < until ? now - sentAt : undefined);
          if (now >= until) {
            connection.close();
            resolve();
          } else if (connection.usable) {
            sendNext();
          } else {
            HttpConnection.open(target).then((again) => {
              connection = again;
              sendNext();
            }, reject);
          }
        });
      };
      sendNext();
    });

  try {
    await Promise.all(connections.map(drive));
  } finally {
    for (const connection of connections) connection.close();
  }
  return tally.result(durationMs, null);
}
