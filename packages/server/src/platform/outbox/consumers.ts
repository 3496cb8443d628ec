import type { Bus } from '../bus/index.js';
import type { Database } from '../db/index.js';
import { ConcurrencyLimit } from './concurrency-limit.js';
import type { Consumer, OutboxLog, OutboxMetrics } from './consumer.js';
import { ConsumerLoop } from './consumer-loop.js';
import { OUTBOX_THRESHOLDS, type OutboxHealth, readOutboxHealth } from './health.js';
import { HealthWatch } from './health-watch.js';
import { releaseSetAside } from './purge.js';
import { RETRY_DELAYS_MS } from './retry-delay.js';

/** Published on the bus when events were committed; without content. */
export const OUTBOX_TOPIC = 'outbox.committed';

export interface ConsumersDeps {
  readonly database: Pick<Database, 'transaction' | 'system' | 'systemTransaction'>;
  readonly bus: Bus;
  readonly metrics: OutboxMetrics;
  readonly log: OutboxLog;
  readonly consumers: readonly Consumer[];
  /** How often to look without having been told, in ms. Default: 1,000. */
  readonly pollMs?: number;
  /** Consumers at work at a time: each takes a connection, and users need them too. Default: 2. */
  readonly concurrency?: number;
  /** Ceiling of one transaction of effects, in ms. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Before the first retry of a failed event, the second and so on, in ms. Default: 250 to 60,000, five of them. */
  readonly retryDelaysMs?: readonly number[];
  /** How often health is read, recorded and, unless it is OK, logged, in ms. Default: 60,000. */
  readonly healthMs?: number;
}

export interface Consumers {
  /** Once: after `stop` make others. */
  start(): void;
  /** Waits for the transactions under way; what they did not reach is handled after the next start. */
  stop(): Promise<void>;
  /** Releases what was given up, as `releaseSetAside`, and has it handled at once. */
  retrySetAside(consumer?: string): Promise<number>;
  health(): Promise<OutboxHealth>;
}

/** Runs consumers of the outbox in this process; they may run in others as well, taking turns. */
export function createConsumers(deps: ConsumersDeps): Consumers {
  const { database, bus, metrics, log, consumers } = deps;
  const {
    pollMs = 1_000,
    concurrency = 2,
    timeoutMs = 10_000,
    retryDelaysMs = RETRY_DELAYS_MS,
    healthMs = 60_000,
  } = deps;
  const names = consumers.map((consumer) => consumer.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`outbox consumer ${twice} is declared twice`);

  const limit = new ConcurrencyLimit(concurrency);
  const announce = () => bus.publish(OUTBOX_TOPIC);
  const setAsideLimit = OUTBOX_THRESHOLDS.critical.setAside;
  const loopDeps = { database, metrics, log, limit, pollMs, timeoutMs, retryDelaysMs, setAsideLimit, announce };
  const loops = new Map(consumers.map((consumer) => [consumer.name, new ConsumerLoop(loopDeps, consumer)]));
  const wakeAll = () => {
    for (const loop of loops.values()) loop.wake();
  };
  const health = () => readOutboxHealth(database.system, metrics);
  const healthWatch = new HealthWatch(health, log, healthMs);
  let unsubscribe: (() => void) | undefined;

  return {
    start() {
      unsubscribe ??= bus.subscribe(OUTBOX_TOPIC, wakeAll, { onGap: wakeAll });
      for (const loop of loops.values()) loop.start();
      healthWatch.start();
    },
    async stop() {
      unsubscribe?.();
      unsubscribe = undefined;
      await Promise.all([healthWatch.stop(), ...[...loops.values()].map((loop) => loop.stop())]);
    },
    async retrySetAside(consumer) {
      const released = await releaseSetAside(database.system, consumer ?? null);
      for (const [name, loop] of loops) {
        if (consumer === undefined || consumer === name) loop.wakeForRetries();
      }
      return released;
    },
    health,
  };
}
