import type { SystemHandle } from '../db/index.js';
import { USAGE_COUNTERS, type UsageCounter } from './counters.js';
import { createPeriodicFlush } from './periodic-flush.js';
import { addActiveUsers, addUsage } from './queries.js';

/** Counts what tenants use: in memory, written in batches, so that a request costs no statement. */
export interface UsageMeter {
  add(tenantId: string, counter: Exclude<UsageCounter, 'activeUsers'>): void;
  /** The user did something today. */
  active(tenantId: string, userId: string): void;
  /** Writes what was counted so far; never rejects, and what could not be written is kept for the next time. */
  flush(): Promise<void>;
  start(): void;
  /** Nothing that was counted before is lost, as long as the database answers. */
  close(): Promise<void>;
}

export interface UsageMeterOptions {
  readonly system: Pick<SystemHandle, 'run'>;
  readonly onError: (error: unknown) => void;
  /** Told when the bound on memory keeps something from being counted. */
  readonly onDropped: () => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly bounds?: Partial<typeof BOUNDS>;
}

const BOUNDS = {
  /** Tenants of a day that one process counts for. */
  tenants: 20_000,
  /** Users who wait to be noted as active; who finds no place is noted at the next request. */
  waitingUsers: 50_000,
  /** Users known to be noted, who need not be written again: a saving, which may be forgotten. */
  knownUsers: 100_000,
};
const FLUSH_EVERY_MS = 10_000;
/** Rows of one statement. */
const CHUNK = 1_000;
const DAY_MS = 86_400_000;

interface TenantDay {
  readonly tenantId: string;
  /** `2026-11-25` */
  readonly day: string;
  readonly counts: number[];
  readonly waiting: Set<string>;
  readonly known: Set<string>;
}

export function createUsageMeter(options: UsageMeterOptions): UsageMeter {
  const { system, onError, onDropped, now = Date.now } = options;
  const bounds = { ...BOUNDS, ...options.bounds };
  let today = -1;
  let open = new Map<string, TenantDay>();
  /** Of days that are over, until they are written. */
  let past: TenantDay[] = [];
  let waitingUsers = 0;
  let knownUsers = 0;

  function tenantDay(tenantId: string): TenantDay | undefined {
    const day = Math.floor(now() / DAY_MS);
    if (day !== today) {
      past = [...past, ...open.values()].slice(-bounds.tenants);
      open = new Map();
      knownUsers = 0;
      today = day;
    }
    let found = open.get(tenantId);
    if (found === undefined) {
      if (open.size >= bounds.tenants) {
        onDropped();
        return undefined;
      }
      found = {
        tenantId,
        day: new Date(day * DAY_MS).toISOString().slice(0, 10),
        counts: USAGE_COUNTERS.map(() => 0),
        waiting: new Set(),
        known: new Set(),
      };
      open.set(tenantId, found);
    }
    return found;
  }

  /** Takes back what it takes when it cannot be written. */
  async function write(): Promise<void> {
    const days = [...past, ...open.values()];
    const counted = days.flatMap((of) =>
      USAGE_COUNTERS.flatMap((counter, index) => {
        const value = of.counts[index] ?? 0;
        of.counts[index] = 0;
        return value === 0 ? [] : [{ of, counter, index, value }];
      }),
    );
    const active = days.flatMap((of) => [...of.waiting].map((userId) => ({ of, userId })));
    let failure: { readonly error: unknown } | null = null;
    for (const chunk of chunks(counted)) {
      await system
        .run(addUsage, {
          tenantIds: chunk.map(({ of }) => of.tenantId),
          days: chunk.map(({ of }) => of.day),
          counters: chunk.map(({ counter }) => counter),
          values: chunk.map(({ value }) => value),
        })
        .catch((error: unknown) => {
          for (const { of, index, value } of chunk) of.counts[index] = (of.counts[index] ?? 0) + value;
          failure = { error };
        });
    }
    for (const chunk of chunks(active)) {
      await system
        .run(addActiveUsers, {
          tenantIds: chunk.map(({ of }) => of.tenantId),
          days: chunk.map(({ of }) => of.day),
          userIds: chunk.map(({ userId }) => userId),
        })
        .then(
          () => noted(chunk),
          (error: unknown) => {
            failure = { error };
          },
        );
    }
    forget();
    if (failure !== null) throw (failure as { error: unknown }).error;
  }

  function noted(users: readonly { readonly of: TenantDay; readonly userId: string }[]): void {
    for (const { of, userId } of users) {
      if (of.waiting.delete(userId)) waitingUsers -= 1;
      of.known.add(userId);
      knownUsers += 1;
    }
  }

  /** Days that are over and written, tenants with nothing to write, and known users beyond their bound. */
  function forget(): void {
    const isWritten = ({ counts, waiting }: TenantDay) => waiting.size === 0 && counts.every((count) => count === 0);
    past = past.filter((of) => !isWritten(of));
    if (knownUsers <= bounds.knownUsers && open.size < bounds.tenants / 2) return;
    knownUsers = 0;
    for (const [tenantId, of] of open) {
      of.known.clear();
      if (isWritten(of)) open.delete(tenantId);
    }
  }

  const flush = createPeriodicFlush({ everyMs: FLUSH_EVERY_MS, flush: write, onError });
  const indexes = new Map(USAGE_COUNTERS.map((counter, index) => [counter, index]));
  return {
    add(tenantId, counter) {
      const of = tenantDay(tenantId);
      const index = indexes.get(counter) ?? 0;
      if (of !== undefined) of.counts[index] = (of.counts[index] ?? 0) + 1;
    },
    active(tenantId, userId) {
      const of = tenantDay(tenantId);
      if (of === undefined || of.known.has(userId) || of.waiting.has(userId)) return;
      if (waitingUsers >= bounds.waitingUsers) return;
      of.waiting.add(userId);
      waitingUsers += 1;
      if (waitingUsers === bounds.waitingUsers) void flush.now();
    },
    flush: flush.now,
    start: flush.start,
    close: flush.close,
  };
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK);
}
