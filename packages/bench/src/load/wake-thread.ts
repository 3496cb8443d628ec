import { Worker } from 'node:worker_threads';

/**
 * A thread that sleeps with microsecond resolution and wakes this one at a fixed interval. Timers of the event loop
 * have a resolution of 1 ms, which would be most of a fast answer's measured latency. Plain JavaScript, because a
 * thread cannot be started from a TypeScript module in a test.
 */
const SLEEPER = `
const { parentPort, workerData } = require('node:worker_threads');
const { stop, intervalMs } = workerData;
let due = performance.now();
for (;;) {
  due = Math.max(due + intervalMs, performance.now() - intervalMs);
  const wait = due - performance.now();
  if (wait > 0 && Atomics.wait(stop, 0, 0, wait) !== 'timed-out') break;
  if (Atomics.load(stop, 0) !== 0) break;
  parentPort.postMessage(0);
}
`;

/** A wake-up costs some 20 us of processor time: no more than these per second are asked for. */
const MIN_INTERVAL_MS = 0.25;

export class WakeThread {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;

  /** Calls `onWake` every `intervalMs` (0.25 ms at least) until closed. */
  constructor(intervalMs: number, onWake: () => void) {
    const workerData = { stop: this.#stop, intervalMs: Math.max(intervalMs, MIN_INTERVAL_MS) };
    this.#worker = new Worker(SLEEPER, { eval: true, workerData });
    this.#worker.on('message', onWake);
  }

  /** Resolves when the thread wakes for the first time. Rejects when it cannot start. */
  started(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', reject);
    });
  }

  async close(): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    Atomics.notify(this.#stop, 0);
    this.#worker.removeAllListeners('message');
    await this.#worker.terminate();
  }
}
