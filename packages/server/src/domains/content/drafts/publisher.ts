import type { Logger } from '../../../platform/telemetry/index.js';
import { PUBLISH_BATCH } from '../limits.js';
import { type PublishDueDeps, publishDueDrafts } from './publish-due-drafts.js';

/** A scheduled post is seen this much later than its time, at the most and on a machine with room; in ms. */
const LOOK_EVERY_MS = 500;

/** Publishes scheduled posts while it runs. Every serving process has one; they need not know of one another. */
export interface Publisher {
  start(): void;
  /** Waits for the batch under way. */
  stop(): Promise<void>;
}

export function createPublisher(deps: PublishDueDeps & { readonly log: Logger }): Publisher {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let running = false;

  const turn = async (): Promise<void> => {
    let found = 0;
    try {
      found = await publishDueDrafts(deps);
    } catch (err) {
      deps.log.warn({ err }, 'scheduled posts could not be looked for');
    }
    if (running) schedule(found === PUBLISH_BATCH ? 0 : LOOK_EVERY_MS);
  };
  const schedule = (delayMs: number): void => {
    timer = setTimeout(() => {
      underWay = turn();
    }, delayMs);
  };

  return {
    start() {
      if (running) return;
      running = true;
      schedule(LOOK_EVERY_MS * Math.random());
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await underWay;
    },
  };
}
