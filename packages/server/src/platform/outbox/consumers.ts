import type { Bus } from '../bus/index.js';
import type { Database } from '../db/index.js';
import { platformErrors } from '../errors/index.js';
import type { Backlog } from './backlog.js';
import { ConcurrencyLimit } from './concurrency-limit.js';
import type { Consumer, OutboxLog, OutboxMetrics } from './consumer.js';
import { ConsumerLoop } from './consumer-loop.js';
import { forgetConsumer } from './forget-consumer.js';
import { forgetType } from './forget-type.js';
import { OUTBOX_THRESHOLDS, type OutboxHealth, readOutboxHealth } from './health.js';
import { logHealth } from './log-health.js';
import { registerConsumer } from './register-consumer.js';
import { type GivenUp, releaseSetAside } from './release-set-aside.js';
import { RETRY_DELAYS_MS } from './retry-delay.js';
import { type OutboxStatus, readOutboxStatus } from './status.js';
import { Watch } from './watch.js';

/** Published on the bus when events were committed; without content. */
export const OUTBOX_TOPIC = 'outbox.committed';

export interface ConsumersDeps {
  readonly database: Pick<Database, 'transaction' | 'system' | 'systemTransaction'>;
  readonly bus: Bus;
  readonly metrics: OutboxMetrics;
  readonly log: OutboxLog;
  /** Kept up to date while the consumers run. */
  readonly backlog: Backlog;
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
  /** How often the backlog is read, in ms; it may grow past its limit for so long. Default: 1,000. */
  readonly backlogMs?: number;
}

export interface Consumers {
  /** Makes them known: before `start`, and before anything writes events that they want (I13). */
  register(): Promise<void>;
  /** Once: after `stop` make others. */
  start(): void;
  /** Waits for the transactions under way; what they did not reach is handled after the next start. */
  stop(): Promise<void>;
  /** Releases what was given up, as `releaseSetAside`, and has it handled at once. */
  retrySetAside(which?: GivenUp): Promise<number>;
  /** As `forgetConsumer`. @throws invalid_request for one of these consumers: it would start anew */
  forget(consumer: string): Promise<boolean>;
  /** As `forgetType`. @throws invalid_request for a type that the consumer here wants */
  forgetType(consumer: string, type: string): Promise<boolean>;
  health(): Promise<OutboxHealth>;
  status(): Promise<OutboxStatus>;
}

/** Runs consumers of the outbox in this process; they may run in others as well, taking turns. */
export function createConsumers(deps: ConsumersDeps): Consumers {
  const { database, bus, metrics, log, backlog, consumers } = deps;
  const {
    pollMs = 1_000,
    concurrency = 2,
    timeoutMs = 10_000,
    retryDelaysMs = RETRY_DELAYS_MS,
    healthMs = 60_000,
    backlogMs = 1_000,
  } = deps;
  const names = consumers.map((consumer) => consumer.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`outbox consumer ${twice} is declared twice`);

  const { system } = database;
  const limit = new ConcurrencyLimit(concurrency);
  const announce = () => bus.publish(OUTBOX_TOPIC);
  const setAsideLimit = OUTBOX_THRESHOLDS.critical.setAside;
  const loopDeps = { database, metrics, log, limit, pollMs, timeoutMs, retryDelaysMs, setAsideLimit, announce };
  const loops = new Map(consumers.map((consumer) => [consumer.name, new ConsumerLoop(loopDeps, consumer)]));
  const wakeAll = () => {
    for (const loop of loops.values()) loop.wake();
  };
  const health = () => readOutboxHealth(system, metrics);
  const watches = [
    new Watch(
      healthMs,
      async () => logHealth(log, await health()),
      (err) => log.error({ err }, 'outbox health is unknown'),
    ),
    new Watch(
      backlogMs,
      async () => void (await backlog.read(system)),
      // The consumers meet the same failure and tell it.
      () => {},
    ),
  ];
  let unsubscribe: (() => void) | undefined;

  return {
    async register() {
      for (const consumer of consumers) await registerConsumer(system, consumer);
    },
    start() {
      unsubscribe ??= bus.subscribe(OUTBOX_TOPIC, wakeAll, { onGap: wakeAll });
      for (const loop of loops.values()) loop.start();
      for (const watch of watches) watch.start();
    },
    async stop() {
      unsubscribe?.();
      unsubscribe = undefined;
      await Promise.all([...watches, ...loops.values()].map((running) => running.stop()));
    },
    async retrySetAside(which = {}) {
      const released = await releaseSetAside(system, which);
      for (const [name, loop] of loops) {
        if (which.consumer === undefined || which.consumer === name) loop.wakeForRetries();
      }
      return released;
    },
    async forget(consumer) {
      if (loops.has(consumer)) {
        throw platformErrors.invalid_request({ detail: `this version runs the consumer ${consumer}` });
      }
      return await forgetConsumer(system, consumer);
    },
    async forgetType(consumer, type) {
      if (consumers.some(({ name, types }) => name === consumer && types.includes(type))) {
        throw platformErrors.invalid_request({ detail: `in this version ${consumer} wants ${type}` });
      }
      return await forgetType(system, consumer, type);
    },
    health,
    status: () => readOutboxStatus(system, consumers, backlog),
  };
}
