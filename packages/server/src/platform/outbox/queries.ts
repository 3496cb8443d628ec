import { nullable, pg, systemQuery, writeQuery } from '../db/index.js';

/** All events of a transaction in the order of their emission. */
export const insertEvents = writeQuery({
  name: 'outbox.insertEvents',
  params: { types: pg.textArray, keys: pg.textArray, payloads: pg.textArray, correlationId: nullable(pg.text) },
  row: {},
  sql: `
    insert into outbox (tenant_id, type, key, payload, correlation_id)
    select :tenant::uuid, e.type, e.key, e.payload::jsonb, :correlationId::text
    from unnest(:types::text[], :keys::text[], :payloads::text[]) with ordinality as e (type, key, payload, position)
    order by e.position`,
});

/** Makes a new consumer known: before the oldest event kept, or before the transactions that run now. */
export const insertOffset = systemQuery({
  name: 'outbox.insertOffset',
  kind: 'write',
  params: { consumer: pg.text, types: pg.textArray, fromNow: pg.bool },
  row: {},
  sql: `
    insert into outbox_offsets (consumer, types, xid, id)
    values (
      :consumer,
      :types::text[],
      case when :fromNow::boolean then pg_snapshot_xmin(pg_current_snapshot()) else '0'::xid8 end,
      -1
    )
    on conflict (consumer) do nothing`,
});

/** Adds what the consumer wants. Waits for the transaction of whoever runs it, but only when there is something to add. */
export const widenTypes = systemQuery({
  name: 'outbox.widenTypes',
  kind: 'write',
  params: { consumer: pg.text, types: pg.textArray },
  row: {},
  sql: `
    update outbox_offsets set types = array(select unnest(types) union select unnest(:types::text[]))
    where consumer = :consumer and not types @> :types::text[]`,
});

/** Where the consumer is, and what it wants of which this process knows nothing. */
export const offsetOf = systemQuery({
  name: 'outbox.offsetOf',
  kind: 'read',
  params: { consumer: pg.text, types: pg.textArray },
  row: { xid: pg.xid8, id: pg.int8, unknown: pg.textArray },
  sql: `
    select xid, id, array(select unnest(types) except select unnest(:types::text[])) as unknown
    from outbox_offsets where consumer = :consumer`,
});

/**
 * The next events of the wanted types, and the last one looked at whatever its type, so that the reader can
 * pass those it does not want. Only transactions below every running one: nothing can appear behind them.
 */
export const eventsAfter = systemQuery({
  name: 'outbox.eventsAfter',
  kind: 'read',
  params: { xid: pg.xid8, id: pg.int8, types: pg.textArray, scan: pg.int4, limit: pg.int4 },
  row: {
    xid: pg.xid8,
    id: pg.int8,
    tenantId: pg.uuid,
    type: pg.text,
    key: pg.text,
    payload: nullable(pg.jsonb),
    correlationId: nullable(pg.text),
    createdAt: pg.timestamptz,
    wanted: pg.bool,
  },
  sql: `
    select e.xid, e.id, e.tenant_id as "tenantId", e.type, e.key,
      case when e.wanted then e.payload end as payload,
      e.correlation_id as "correlationId", e.created_at as "createdAt", e.wanted
    from (
      select s.*, s.type = any(:types::text[]) as wanted, lead(s.id) over (order by s.xid, s.id) is null as is_last
      from (
        select *
        from outbox o
        where (o.xid, o.id) > (:xid::xid8, :id::bigint) and o.xid < pg_snapshot_xmin(pg_current_snapshot())
        order by o.xid, o.id
        limit :scan::int
      ) s
    ) e
    where e.wanted or e.is_last
    order by e.xid, e.id
    limit :limit::int`,
});

/** Whether events are there that a running transaction still holds back. */
export const heldBack = systemQuery({
  name: 'outbox.heldBack',
  kind: 'read',
  params: {},
  row: { heldBack: pg.bool },
  sql: `
    select exists (select from outbox where xid >= pg_snapshot_xmin(pg_current_snapshot())) as "heldBack"`,
});

/** The consumer's own lock: no row while another process runs it, or when it wants more than these types. */
export const lockOffset = writeQuery({
  name: 'outbox.lockOffset',
  params: { consumer: pg.text, types: pg.textArray },
  row: { xid: pg.xid8, id: pg.int8 },
  sql: `
    select xid, id from outbox_offsets
    where consumer = :consumer and types <@ :types::text[]
    for update skip locked`,
});

export const moveOffset = writeQuery({
  name: 'outbox.moveOffset',
  params: { consumer: pg.text, xid: pg.xid8, id: pg.int8 },
  row: {},
  sql: `
    update outbox_offsets set xid = :xid::xid8, id = :id, updated_at = now()
    where consumer = :consumer`,
});

/** Past events of types the consumer does not want: forward only, and not while another process runs it. */
export const skipTo = systemQuery({
  name: 'outbox.skipTo',
  kind: 'write',
  params: { consumer: pg.text, types: pg.textArray, xid: pg.xid8, id: pg.int8 },
  row: {},
  sql: `
    update outbox_offsets set xid = :xid::xid8, id = :id, updated_at = now()
    where consumer = (
      select consumer from outbox_offsets
      where consumer = :consumer and types <@ :types::text[] and (xid, id) < (:xid::xid8, :id::bigint)
      for update skip locked
    )`,
});

export const blockedKeys = writeQuery({
  name: 'outbox.blockedKeys',
  params: { consumer: pg.text, keys: pg.textArray },
  row: { key: pg.text },
  sql: `
    select distinct key from outbox_set_aside
    where tenant_id = :tenant and consumer = :consumer and key = any(:keys::text[])`,
});

/** `attempts` 0 and no retry for events that wait behind another of their key. */
export const setAside = writeQuery({
  name: 'outbox.setAside',
  params: {
    consumer: pg.text,
    ids: pg.int8Array,
    attempts: pg.int4,
    error: pg.text,
    retryInMs: nullable(pg.float8),
  },
  row: {},
  sql: `
    insert into outbox_set_aside (
      tenant_id, consumer, event_id, xid, type, key, payload, correlation_id, created_at, attempts, error, retry_at
    )
    select o.tenant_id, :consumer, o.id, o.xid, o.type, o.key, o.payload, o.correlation_id, o.created_at,
      :attempts, :error, clock_timestamp() + make_interval(secs => :retryInMs::float8 / 1000)
    from outbox o
    where o.tenant_id = :tenant and o.id = any(:ids::bigint[])
    on conflict (tenant_id, consumer, event_id) do nothing`,
});

export const dueRetries = systemQuery({
  name: 'outbox.dueRetries',
  kind: 'read',
  params: { consumer: pg.text, limit: pg.int4 },
  row: { tenantId: pg.uuid, id: pg.int8 },
  sql: `
    select tenant_id as "tenantId", event_id as id
    from outbox_set_aside
    where consumer = :consumer and retry_at <= now()
    order by retry_at
    limit :limit::int`,
});

/** Counted up to a limit: it decides whether the consumer may go on. */
export const countSetAside = systemQuery({
  name: 'outbox.countSetAside',
  kind: 'read',
  params: { consumer: pg.text, limit: pg.int4 },
  row: { count: pg.int4 },
  sql: `
    select count(*)::int as count
    from (select from outbox_set_aside where consumer = :consumer limit :limit::int) s`,
});

export const lockRetry = writeQuery({
  name: 'outbox.lockRetry',
  params: { consumer: pg.text, id: pg.int8 },
  row: {
    xid: pg.xid8,
    type: pg.text,
    key: pg.text,
    payload: pg.jsonb,
    correlationId: nullable(pg.text),
    createdAt: pg.timestamptz,
    attempts: pg.int4,
  },
  sql: `
    select xid, type, key, payload, correlation_id as "correlationId", created_at as "createdAt", attempts
    from outbox_set_aside
    where tenant_id = :tenant and consumer = :consumer and event_id = :id and retry_at is not null
    for update`,
});

export const deleteSetAside = writeQuery({
  name: 'outbox.deleteSetAside',
  params: { consumer: pg.text, id: pg.int8 },
  row: {},
  sql: `
    delete from outbox_set_aside
    where tenant_id = :tenant and consumer = :consumer and event_id = :id`,
});

/** The next event of the key, once the one before it is done. */
export const releaseNext = writeQuery({
  name: 'outbox.releaseNext',
  params: { consumer: pg.text, key: pg.text },
  row: {},
  sql: `
    update outbox_set_aside set retry_at = clock_timestamp()
    where tenant_id = :tenant and consumer = :consumer and event_id = (
      select n.event_id from outbox_set_aside n
      where n.tenant_id = :tenant and n.consumer = :consumer and n.key = :key
      order by n.xid, n.event_id
      limit 1
    )`,
});

/** No `retryInMs`: the event stays where it is until someone releases it. */
export const recordFailure = writeQuery({
  name: 'outbox.recordFailure',
  params: { consumer: pg.text, id: pg.int8, error: pg.text, retryInMs: nullable(pg.float8) },
  row: {},
  sql: `
    update outbox_set_aside
    set attempts = attempts + 1, error = :error,
      retry_at = clock_timestamp() + make_interval(secs => :retryInMs::float8 / 1000)
    where tenant_id = :tenant and consumer = :consumer and event_id = :id`,
});

/** Gives events whose retries are used up a fresh set of them; those behind them follow in order. */
export const releaseGivenUp = systemQuery({
  name: 'outbox.releaseGivenUp',
  kind: 'write',
  params: { consumer: nullable(pg.text), event: nullable(pg.int8) },
  row: {},
  sql: `
    update outbox_set_aside set attempts = 0, retry_at = now()
    where retry_at is null and attempts > 0
      and (:consumer::text is null or consumer = :consumer::text)
      and (:event::bigint is null or event_id = :event::bigint)`,
});

/** The failed event at the head of each key that waits, the longest waiting first. */
export const blockedHeads = systemQuery({
  name: 'outbox.blockedHeads',
  kind: 'read',
  params: { limit: pg.int4 },
  row: {
    consumer: pg.text,
    tenantId: pg.uuid,
    key: pg.text,
    id: pg.int8,
    type: pg.text,
    attempts: pg.int4,
    error: pg.text,
    retryAt: nullable(pg.timestamptz),
    behind: pg.int4,
  },
  sql: `
    select h.consumer, h.tenant_id as "tenantId", h.key, h.event_id as id, h.type, h.attempts, h.error,
      h.retry_at as "retryAt",
      (
        select count(*)::int from outbox_set_aside b
        where b.tenant_id = h.tenant_id and b.consumer = h.consumer and b.key = h.key
          and (b.xid, b.event_id) > (h.xid, h.event_id)
      ) as behind
    from outbox_set_aside h
    where h.attempts > 0 or h.retry_at is not null
    order by h.set_aside_at
    limit :limit::int`,
});

/**
 * About how many events wait for the slowest consumer: from the first to the last by their ids, of which transactions
 * that were rolled back at the end leave a few unused. Three steps into indexes, however many they are.
 */
export const backlog = systemQuery({
  name: 'outbox.backlog',
  kind: 'read',
  params: {},
  row: { waiting: pg.int8 },
  sql: `
    select greatest(newest.id - oldest.id + 1, 0) as waiting
    from (select xid, id from outbox_offsets order by xid, id limit 1) slowest
    cross join lateral (
      select o.id from outbox o where (o.xid, o.id) > (slowest.xid, slowest.id) order by o.xid, o.id limit 1
    ) oldest
    cross join (select id from outbox order by xid desc, id desc limit 1) newest`,
});

/** How far each consumer is behind; counts stop at their limits. */
export const consumerLag = systemQuery({
  name: 'outbox.consumerLag',
  kind: 'read',
  params: { limit: pg.int4 },
  row: {
    consumer: pg.text,
    types: pg.textArray,
    xid: pg.xid8,
    id: pg.int8,
    behind: pg.int4,
    oldestAgeMs: nullable(pg.float8),
    setAside: pg.int4,
    givenUp: pg.int4,
  },
  sql: `
    select f.consumer, f.types, f.xid, f.id,
      (select count(*)::int from (
        select from outbox o where (o.xid, o.id) > (f.xid, f.id) limit :limit::int
      ) n) as behind,
      (select greatest(extract(epoch from now() - o.created_at) * 1000, 0)::float8
        from outbox o where (o.xid, o.id) > (f.xid, f.id) order by o.xid, o.id limit 1) as "oldestAgeMs",
      s.set_aside as "setAside",
      s.given_up as "givenUp"
    from outbox_offsets f
    cross join lateral (
      select count(*)::int as set_aside,
        count(*) filter (where n.retry_at is null and n.attempts > 0)::int as given_up
      from (
        select retry_at, attempts from outbox_set_aside a where a.consumer = f.consumer limit :limit::int
      ) n
    ) s
    order by f.consumer`,
});

/** Events that every known consumer has passed and that are old enough, oldest first. */
export const purgePassed = systemQuery({
  name: 'outbox.purgePassed',
  kind: 'write',
  params: { retentionMs: pg.float8, limit: pg.int4 },
  row: {},
  sql: `
    delete from outbox
    where ctid = any (array(
      select o.ctid
      from (
        select xid, id from outbox_offsets
        union all
        select '18446744073709551615'::xid8, 9223372036854775807
        order by xid, id
        limit 1
      ) slowest
      cross join lateral (
        -- The oldest by place are the oldest by time, but for long transactions: no need to look further.
        select ctid, created_at from outbox
        where (xid, id) <= (slowest.xid, slowest.id)
        order by xid, id
        limit :limit::int
      ) o
      where o.created_at < now() - make_interval(secs => :retentionMs::float8 / 1000)
    ))`,
});

export const forgetConsumer = systemQuery({
  name: 'outbox.forgetConsumer',
  kind: 'write',
  params: { consumer: pg.text },
  row: {},
  sql: `
    with aside as (delete from outbox_set_aside where consumer = :consumer)
    delete from outbox_offsets where consumer = :consumer`,
});

export const forgetType = systemQuery({
  name: 'outbox.forgetType',
  kind: 'write',
  params: { consumer: pg.text, type: pg.text },
  row: {},
  sql: `
    update outbox_offsets set types = array_remove(types, :type::text)
    where consumer = :consumer and :type::text = any(types)`,
});
