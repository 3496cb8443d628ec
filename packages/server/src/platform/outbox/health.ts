import type { SystemHandle } from '../db/index.js';
import type { OutboxMetrics, Position } from './consumer.js';
import { consumerLag } from './queries.js';

export type HealthLevel = 'OK' | 'WARNING' | 'CRITICAL';

export interface ConsumerHealth {
  readonly consumer: string;
  readonly level: HealthLevel;
  readonly place: Position;
  /** What any version of it wants. */
  readonly types: readonly string[];
  /** Events after the consumer's place, of any type, up to 100,000. */
  readonly behind: number;
  /** Age of the oldest of them in ms; 0 when there is none. */
  readonly oldestAgeMs: number;
  /** Events put aside, waiting ones included, up to 100,000. */
  readonly setAside: number;
  /** Those whose retries are used up: an operator's work. */
  readonly givenUp: number;
}

export interface OutboxHealth {
  /** The worst of the consumers. */
  readonly level: HealthLevel;
  readonly consumers: readonly ConsumerHealth[];
}

/**
 * A consumer is seconds behind when all is well; a minute means that it cannot follow or that a long transaction
 * holds the outbox back, five minutes that its feature is stale for users.
 */
export const OUTBOX_THRESHOLDS = {
  warning: { behind: 10_000, oldestAgeMs: 60_000, givenUp: 1 },
  critical: { behind: 100_000, oldestAgeMs: 300_000, setAside: 10_000 },
} as const;

/** How the consumers that are known to the database do, whichever process runs them (E1). */
export async function readOutboxHealth(
  system: SystemHandle,
  metrics?: Pick<OutboxMetrics, 'recordOutboxLag'>,
): Promise<OutboxHealth> {
  const rows = await system.rows(consumerLag, { limit: OUTBOX_THRESHOLDS.critical.behind });
  const consumers = rows.map(({ xid, id, ...row }): ConsumerHealth => {
    const lag = { ...row, place: { xid, id }, oldestAgeMs: row.oldestAgeMs ?? 0 };
    const level = levelOf(lag);
    metrics?.recordOutboxLag(lag.consumer, { events: lag.behind, ageMs: lag.oldestAgeMs, level });
    return { ...lag, level };
  });
  return { level: worst(consumers.map((consumer) => consumer.level)), consumers };
}

function levelOf(lag: Omit<ConsumerHealth, 'level'>): HealthLevel {
  const { warning, critical } = OUTBOX_THRESHOLDS;
  if (lag.behind >= critical.behind || lag.oldestAgeMs >= critical.oldestAgeMs || lag.setAside >= critical.setAside) {
    return 'CRITICAL';
  }
  const warns =
    lag.behind >= warning.behind || lag.oldestAgeMs >= warning.oldestAgeMs || lag.givenUp >= warning.givenUp;
  return warns ? 'WARNING' : 'OK';
}

function worst(levels: readonly HealthLevel[]): HealthLevel {
  if (levels.includes('CRITICAL')) return 'CRITICAL';
  return levels.includes('WARNING') ? 'WARNING' : 'OK';
}
