import { type Client, escapeIdentifier } from 'pg';

/** Every table of the schema, or only those that belong to tenants. Asked of the catalogue: none can be forgotten. */
async function tablesOf(superuser: Client, tenants: boolean): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'nova'::regnamespace and c.relkind in ('r', 'p')
       and (not $1 or exists (
         select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
     order by 1`,
    [tenants],
  );
  return rows.map(({ name }) => name);
}

/** They change with every request, refused ones included. */
const METERED = ['tenant_usage', 'tenant_active_users'];

/** One checksum a table over all of its rows, or over those of a tenant; equal ones mean that nothing has changed.
 * Over all, what is counted of requests is passed over. */
export async function checksumRows(superuser: Client, tenantId?: string): Promise<Record<string, string>> {
  const tables = await tablesOf(superuser, tenantId !== undefined);
  const checksums: Record<string, string> = {};
  for (const table of tables) {
    if (tenantId === undefined && METERED.includes(table)) continue;
    const row = tenantId === undefined ? `(to_jsonb(t) - 'last_used_at')` : 't';
    const { rows } = await superuser.query<{ checksum: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(${row}::text, e'\\n' order by ${row}::text), '')) as checksum
       from nova.${escapeIdentifier(table)} t ${tenantId === undefined ? '' : 'where tenant_id = $1'}`,
      tenantId === undefined ? [] : [tenantId],
    );
    checksums[table] = rows[0]?.checksum ?? '';
  }
  return checksums;
}

/** All rows of a tenant as text, by table. */
export async function dumpRows(superuser: Client, tenantId: string): Promise<{ table: string; row: string }[]> {
  const dump: { table: string; row: string }[] = [];
  for (const table of await tablesOf(superuser, true)) {
    const { rows } = await superuser.query<{ row: string }>(
      `select t::text as row from nova.${escapeIdentifier(table)} t where tenant_id = $1`,
      [tenantId],
    );
    for (const { row } of rows) dump.push({ table, row });
  }
  return dump;
}

const POLL_MS = 25;
const CONSUMED_WITHIN_MS = 20_000;

/** Waits until every consumer of the outbox has handled all that is in it, the mails of that have left, and who is to be erased is. */
export async function untilConsumed(superuser: Client): Promise<void> {
  const deadline = performance.now() + CONSUMED_WITHIN_MS;
  for (;;) {
    const { rows } = await superuser.query<{ behind: boolean }>(
      `select exists (
         select from nova.outbox o, nova.outbox_offsets f where (o.xid, o.id) > (f.xid, f.id)
       ) or not exists (select from nova.outbox_offsets) or exists (select from nova.mails)
       or exists (select from nova.erasures where erased_at is null) as behind`,
    );
    if (rows[0]?.behind === false) return;
    if (performance.now() > deadline) throw new Error('the consumers of the outbox have not caught up');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
