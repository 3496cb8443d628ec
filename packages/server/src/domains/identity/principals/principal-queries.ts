import { nullable, pg, systemQuery, writeQuery } from '../../../platform/db/index.js';

export const insertPrincipalChange = writeQuery({
  name: 'identity.insertPrincipalChange',
  params: { id: pg.uuid, subjectId: nullable(pg.uuid) },
  row: {},
  sql: 'insert into principal_changes (tenant_id, id, subject_id) values (:tenant, :id, :subjectId)',
});

/** Notes that every living process has read long ago: see `GAP_MS` in revocation-watch.ts. */
export const purgePrincipalChanges = systemQuery({
  name: 'identity.purgePrincipalChanges',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from principal_changes
    where ctid = any (array(
      select ctid from principal_changes where noted_at < now() - interval '2 hours' limit :limit::int
    ))`,
});
