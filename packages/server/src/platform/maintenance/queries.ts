import { pg, systemQuery } from '../db/index.js';

/** Held to the end of the transaction, by one process at a time. */
export const tryLockJob = systemQuery({
  name: 'maintenance.tryLockJob',
  kind: 'write',
  params: { job: pg.text },
  row: { locked: pg.bool },
  sql: `select pg_try_advisory_xact_lock(hashtextextended('nova.maintenance ' || :job::text, 0)) as locked`,
});
