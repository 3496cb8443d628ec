import { randomUUID } from 'node:crypto';
import { PostgresBus } from '../platform/bus/index.js';
import { type Database, type DatabaseOptions, pg, writeQuery } from '../platform/db/index.js';
import {
  Backlog,
  type Consumer,
  type Consumers,
  type ConsumersDeps,
  createConsumers,
  OUTBOX_TOPIC,
} from '../platform/outbox/index.js';
import { createSilentLogger } from '../platform/telemetry/index.js';
import { makeDatabase } from './open-database.js';
import { connectTo } from './test-cluster.js';
import type { TestDatabase } from './test-database.js';

/** The effect of a consumer in tests: one row for each time an event was handled, in that order. */
export const recordEffect = writeQuery({
  name: 'test.recordEffect',
  params: { consumer: pg.text, eventId: pg.int8, key: pg.text, n: pg.int4 },
  row: {},
  sql: `
    insert into test_effects (tenant_id, consumer, event_id, key, n)
    values (:tenant, :consumer, :eventId, :key, :n)`,
});

/** Counts the changes of a key; holds the key's row until the end of the transaction. */
export const countChange = writeQuery({
  name: 'test.countChange',
  params: { key: pg.text },
  row: { n: pg.int4 },
  sql: `
    insert into test_keys as k (tenant_id, key, n) values (:tenant, :key, 1)
    on conflict (tenant_id, key) do update set n = k.n + 1
    returning n`,
});

const TABLES = `
  create table nova.test_effects (
    tenant_id uuid not null, consumer text not null, event_id bigint not null, key text not null, n int not null,
    handled bigint generated always as identity
  );
  create table nova.test_keys (tenant_id uuid, key text, n int not null, primary key (tenant_id, key));`;

export interface Effect {
  readonly tenantId: string;
  readonly eventId: number;
  readonly key: string;
  readonly n: number;
}

export async function createTestTables(database: TestDatabase): Promise<void> {
  await query(database.ownerUrl, TABLES);
}

export async function effectsOf(database: TestDatabase, consumer: string): Promise<Effect[]> {
  return await query<Effect>(
    database.superuserUrl,
    `select tenant_id as "tenantId", event_id::int as "eventId", key, n
     from nova.test_effects where consumer = $1 order by handled`,
    [consumer],
  );
}

/** One statement on a connection of its own. */
export async function query<T>(url: string, sql: string, values: readonly unknown[] = []): Promise<T[]> {
  const client = await connectTo(url);
  try {
    return (await client.query(sql, [...values])).rows as T[];
  } finally {
    await client.end();
  }
}

/** A consumer that records its effects, after `before` had its say. */
export function recording(
  name: string,
  types: readonly string[],
  before: Consumer['handle'] = async () => {},
  from: 'beginning' | 'now' = 'beginning',
): Consumer {
  return {
    name,
    types,
    from,
    async handle(tx, event) {
      await before(tx, event);
      await tx.run(recordEffect, {
        consumer: name,
        eventId: event.id,
        key: event.key,
        n: (event.payload['n'] as number | undefined) ?? 0,
      });
    },
  };
}

/** What one process has: handles, bus and consumers. */
export interface OutboxProcess {
  readonly db: Database;
  readonly consumers: Consumers;
  /** Events of one transaction, each with the number of its key's change. */
  emit(tenantId: string, events: readonly { type: string; key: string; n?: number }[]): Promise<void>;
  close(): Promise<void>;
}

export async function startOutboxProcess(
  urls: Pick<TestDatabase, 'appUrl' | 'systemUrl'>,
  consumers: readonly Consumer[],
  options: { readonly deps?: Partial<ConsumersDeps>; readonly database?: Partial<DatabaseOptions> } = {},
): Promise<OutboxProcess> {
  const bus = new PostgresBus({ connection: { connectionString: urls.appUrl }, onError: () => {} });
  await bus.open();
  const backlog = options.deps?.backlog ?? new Backlog(Number.POSITIVE_INFINITY);
  const db = makeDatabase(urls, {
    storeEvents: backlog.store,
    onEventsCommitted: () => bus.publish(OUTBOX_TOPIC),
    ...options.database,
  });
  await db.open();
  const running = createConsumers({
    database: db,
    bus,
    metrics: silentMetrics(),
    log: createSilentLogger(),
    backlog,
    consumers,
    pollMs: 100,
    ...options.deps,
  });
  await running.register();
  running.start();
  return {
    db,
    consumers: running,
    emit: async (tenantId, events) => {
      await db.transaction(tenantId, async (tx) => {
        for (const { type, key, n = 0 } of events) tx.emit({ type, key, payload: { n } });
      });
    },
    close: async () => {
      await running.stop();
      await bus.close();
      await db.close();
    },
  };
}

function silentMetrics(): ConsumersDeps['metrics'] {
  return { recordOutboxHandled: () => {}, recordOutboxFailure: () => {}, recordOutboxLag: () => {} };
}

export const newTenant = (): string => randomUUID();
