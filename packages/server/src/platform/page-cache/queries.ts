import { pg, readQuery, writeQuery } from '../db/index.js';

/** Changes of one viewer wait for one another here, from their last statement to their commit. */
export const noteOwnWrite = writeQuery({
  name: 'pageCache.noteOwnWrite',
  params: { userId: pg.uuid },
  row: {},
  sql: `
    insert into own_writes (tenant_id, user_id) values (:tenant, :userId)
    on conflict (tenant_id, user_id) do update set xid = pg_current_xact_id()`,
});

export const ownWriteVersion = readQuery({
  name: 'pageCache.ownWriteVersion',
  params: { userId: pg.uuid },
  row: { version: pg.text },
  sql: 'select xid::text as version from own_writes where tenant_id = :tenant and user_id = :userId',
});

export const eraseOwnWrites = writeQuery({
  name: 'pageCache.eraseOwnWrites',
  params: { userId: pg.uuid },
  row: {},
  sql: 'delete from own_writes where tenant_id = :tenant and user_id = :userId',
});
