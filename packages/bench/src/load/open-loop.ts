import { dueBy, intendedMs, scheduleOf } from '../measure/schedule.js';
import { HttpConnection, type Target } from './http-connection.js';
import type { LoadSource } from './load-source.js';
import { type LoadResult, Tally } from './tally.js';
import { WakeThread } from './wake-thread.js';

export interface OpenLoopOptions {
  readonly target: Target;
  readonly source: LoadSource;
  /** Requests that can be under way at a time; those beyond it wait, and their wait counts. */
  readonly connections: number;
  /** Requests per second. */
  readonly rate: number;
  readonly durationMs: number;
  /** Time before it whose answers are checked but not counted, in ms. */
  readonly warmUpMs: number;
}

/** How long answers may be outstanding after the last request; whatever is missing then has failed. */
const DRAIN_MS = 10_000;

/**
 * Sends at a fixed rate, whether the server keeps up or not, as independent callers would. Latency runs from the
 * intended instant of sending to the end of the answer.
 */
export async function runOpenLoop(options: OpenLoopOptions): Promise<LoadResult> {
  const { target, source, rate, durationMs, warmUpMs } = options;
  const tally = new Tally(source);
  const idle = await Promise.all(Array.from({ length: options.connections }, () => HttpConnection.open(target)));
  const all = new Set(idle);

  let wake = () => {};
  const thread = new WakeThread(1_000 / rate, () => wake());
  let drainTimer: NodeJS.Timeout | undefined;
  try {
    await thread.started();
    const schedule = scheduleOf(performance.now() + 1, rate, warmUpMs + durationMs);
    const countFrom = schedule.startMs + warmUpMs;
    const countUntil = countFrom + durationMs;
    let sent = 0;
    let outstanding = 0;
    let answeredInTime = 0;

    await new Promise<void>((resolve, reject) => {
      const send = (connection: HttpConnection, onTime: boolean) => {
        const index = sent++;
        const intended = intendedMs(schedule, index);
        const request = source.next(index);
        if (onTime && intended >= countFrom) tally.lateness.record(performance.now() - intended);
        outstanding += 1;
        connection.send(request.wire, (answer) => {
          const now = performance.now();
          outstanding -= 1;
          if (intended >= countFrom && now <= countUntil) answeredInTime += 1;
          tally.answered(request, answer, index, intended >= countFrom ? now - intended : undefined);
          release(connection);
        });
      };
      const release = (connection: HttpConnection) => {
        if (connection.usable) {
          idle.push(connection);
          pump(false);
          return;
        }
        all.delete(connection);
        HttpConnection.open(target).then((again) => {
          all.add(again);
          idle.push(again);
          pump(false);
        }, reject);
      };
      const pump = (onTime: boolean) => {
        const due = dueBy(schedule, performance.now());
        while (sent < due) {
          const connection = idle.pop();
          if (connection === undefined) break;
          send(connection, onTime);
        }
        if (sent === schedule.total && outstanding === 0) resolve();
      };
      wake = () => pump(true);
      drainTimer = setTimeout(
        () => {
          tally.fail(`not answered ${DRAIN_MS} ms after the end`, schedule.total - sent + outstanding);
          resolve();
        },
        warmUpMs + durationMs + DRAIN_MS,
      );
      pump(true);
    });
    const result = tally.result(durationMs, rate);
    // What was answered after the end is late, and counts as latency, but not as reached throughput.
    return { ...result, rate: (Math.min(answeredInTime, result.latency.count) * 1_000) / durationMs };
  } finally {
    clearTimeout(drainTimer);
    wake = () => {};
    for (const connection of all) connection.close();
    await thread.close();
  }
}
