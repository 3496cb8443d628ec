import type { SystemHandle } from '../db/index.js';
import type { Backlog } from './backlog.js';
import type { Consumer } from './consumer.js';
import { type ConsumerHealth, type OutboxHealth, readOutboxHealth } from './health.js';
import { blockedHeads } from './queries.js';

/** A key that waits, with the failed event at its head. */
export interface BlockedKey {
  readonly consumer: string;
  readonly tenantId: string;
  readonly key: string;
  readonly id: number;
  readonly type: string;
  /** Tries so far; 0 when it is to be tried anew. */
  readonly attempts: number;
  /** Why the last one failed, at most 2,000 characters. */
  readonly error: string;
  /** RFC 3339; `null` when it was given up. */
  readonly retryAt: string | null;
  /** Events of the key that wait behind it. */
  readonly behind: number;
}

export interface ConsumerStatus extends ConsumerHealth {
  /** Whether this version has it at all. */
  readonly known: boolean;
  /** What another version of it wants and this one does not: this one leaves it alone. */
  readonly unknownTypes: readonly string[];
}

/** What an operator wants to know (E1). */
export interface OutboxStatus extends OutboxHealth {
  readonly consumers: readonly ConsumerStatus[];
  readonly backlog: { readonly waiting: number; readonly limit: number };
  /** Those that wait the longest, at most 50. */
  readonly blocked: readonly BlockedKey[];
}

const BLOCKED_SHOWN = 50;

export async function readOutboxStatus(
  system: SystemHandle,
  declared: readonly Consumer[],
  backlog: Backlog,
): Promise<OutboxStatus> {
  const { level, consumers } = await readOutboxHealth(system);
  return {
    level,
    consumers: consumers.map((health) => {
      const consumer = declared.find(({ name }) => name === health.consumer);
      const unknownTypes = health.types.filter((type) => consumer?.types.includes(type) !== true);
      return { ...health, known: consumer !== undefined, unknownTypes };
    }),
    backlog: { waiting: await backlog.read(system), limit: backlog.limit },
    blocked: await system.rows(blockedHeads, { limit: BLOCKED_SHOWN }),
  };
}
