import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';

/** Whether the tenant has previews. */
const ENABLED = `coalesce((select s.enabled from link_preview_settings s where s.tenant_id = :tenant), true)`;

/** Has the link of a post fetched, if it is new or its preview has expired, and the tenant wants previews. */
export const wantPreview = writeQuery({
  name: 'content.wantPreview',
  params: { postId: pg.uuid },
  row: {},
  sql: `
    insert into link_previews as l (tenant_id, url, due_at)
    select p.tenant_id, p.link_url, now()
    from posts p
    where p.tenant_id = :tenant and p.id = :postId and p.deleted_at is null and p.link_url is not null
      and p.visibility <> 'private' and ${ENABLED}
    on conflict (tenant_id, url) do update set due_at = now(), attempts = 0
    where l.due_at is null and l.expires_at < now()`,
});

/** Those of the addresses that there is something to show of. */
export const previewsOfUrls = readQuery({
  name: 'content.previewsOfUrls',
  params: { urls: pg.textArray },
  row: {
    url: pg.text,
    title: nullable(pg.text),
    description: nullable(pg.text),
    imageUrl: nullable(pg.text),
    siteName: nullable(pg.text),
  },
  sql: `
    select l.url, l.title, l.description, l.image_url as "imageUrl", l.site_name as "siteName"
    from link_previews l
    where l.tenant_id = :tenant and l.url = any(:urls::text[]) and l.title is not null and ${ENABLED}`,
});

/** A title of null: nothing to show. */
export const storePreview = writeQuery({
  name: 'content.storePreview',
  params: {
    url: pg.text,
    title: nullable(pg.text),
    description: nullable(pg.text),
    imageUrl: nullable(pg.text),
    siteName: nullable(pg.text),
    goodForMs: pg.float8,
  },
  row: {},
  sql: `
    update link_previews
    set title = :title, description = :description, image_url = :imageUrl, site_name = :siteName, due_at = null,
      expires_at = now() + :goodForMs * interval '1 millisecond'
    where tenant_id = :tenant and url = :url`,
});

/** Links of all tenants that are to be fetched, which are this process's for `leaseMs`. */
export const leaseDueLinks = systemQuery({
  name: 'content.leaseDueLinks',
  kind: 'write',
  params: { leaseMs: pg.float8, limit: pg.int4 },
  row: { tenantId: pg.uuid, url: pg.text, attempts: pg.int4 },
  sql: `
    update link_previews l set due_at = now() + :leaseMs * interval '1 millisecond', attempts = l.attempts + 1
    where ctid = any (array(
      select due.ctid from link_previews due
      where due.due_at <= now()
      order by due.due_at
      limit :limit::int
      for update skip locked))
    returning l.tenant_id as "tenantId", l.url, l.attempts`,
});

/** Forgets previews half a year after they have expired: nobody has posted the link since. */
export const purgePreviews = systemQuery({
  name: 'content.purgePreviews',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from link_previews
    where ctid = any (array(
      select l.ctid from link_previews l
      where l.due_at is null and l.expires_at < now() - interval '180 days'
      order by l.expires_at
      limit :limit::int
      for update skip locked))`,
});

export const previewSwitch = readQuery({
  name: 'content.previewSwitch',
  params: {},
  row: { enabled: pg.bool },
  sql: `select ${ENABLED} as enabled`,
});

export const setPreviewSwitch = writeQuery({
  name: 'content.setPreviewSwitch',
  params: { enabled: pg.bool },
  row: {},
  sql: `
    insert into link_preview_settings (tenant_id, enabled) values (:tenant::uuid, :enabled)
    on conflict (tenant_id) do update set enabled = excluded.enabled`,
});
