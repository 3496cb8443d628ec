import { pg } from './columns.js';
import { systemQuery } from './query.js';

/** Whether the database answers; asked by readiness probes. */
export const ping = systemQuery({
  name: 'db.ping',
  kind: 'read',
  params: {},
  row: { answers: pg.bool },
  sql: 'select true as answers',
});

/** How many connections ordinary roles may open on this server. PostgreSQL 15 has no `reserved_connections`. */
export const connectionLimit = systemQuery({
  name: 'db.connectionLimit',
  kind: 'read',
  params: {},
  row: { connections: pg.int4 },
  sql: `
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true)::int, 0) as connections`,
});

/** The tables that the calling role owns. */
export const ownTables = systemQuery({
  name: 'db.ownTables',
  kind: 'read',
  params: {},
  row: { name: pg.text },
  sql: `
    select tablename::text as name from pg_tables
    where schemaname = 'nova' and tableowner = current_user
    order by tablename`,
});
