import type { Logger } from '../../platform/telemetry/index.js';

/** Does the same thing again and again while it runs. Every serving process has one; they need not know of one another. */
export interface BackgroundLoop {
  start(): void;
  /** Waits for the turn under way. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  /** @returns how much was done: `batch` of it asks for another turn at once */
  readonly turn: () => Promise<number>;
  readonly batch: number;
  readonly everyMs: number;
  readonly log: Pick<Logger, 'warn'>;
  /** In the log, when a turn fails. */
  readonly what: string;
}

export function createLoop({ turn, batch, everyMs, log, what }: LoopOptions): BackgroundLoop {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let running = false;

  const takeTurn = async (): Promise<void> => {
    let done = 0;
    try {
      done = await turn();
    } catch (err) {
      log.warn({ err }, `${what} failed; it is tried again`);
    }
    if (running) schedule(done >= batch ? 0 : everyMs);
  };
  const schedule = (delayMs: number): void => {
    timer = setTimeout(() => {
      underWay = takeTurn();
    }, delayMs);
  };

  return {
    start() {
      if (running) return;
      running = true;
      schedule(everyMs * Math.random());
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await underWay;
    },
  };
}
