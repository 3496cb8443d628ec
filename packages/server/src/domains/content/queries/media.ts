import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';

/** No row without such an owner, who is locked against being deleted by the foreign key. */
export const insertMedia = writeQuery({
  name: 'content.insertMedia',
  params: {
    id: pg.uuid,
    ownerId: pg.uuid,
    kind: pg.text,
    alt: pg.text,
    blurhash: nullable(pg.text),
    variants: pg.jsonb,
  },
  row: { id: pg.uuid },
  sql: `
    with owned as (
      insert into media (tenant_id, id, owner_id, kind, alt, blurhash)
      select u.tenant_id, :id::uuid, u.id, :kind, :alt, :blurhash
      from users u
      where u.tenant_id = :tenant and u.id = :ownerId and u.deleted_at is null
      returning tenant_id, id
    ),
    variants as (
      insert into media_variants (tenant_id, media_id, name, url, content_type, width, height, bytes)
      select owned.tenant_id, owned.id, v.name, v.url, v."contentType", v.width, v.height, v.bytes
      from owned
      cross join jsonb_to_recordset(:variants::jsonb)
        as v (name text, url text, "contentType" text, width int, height int, bytes bigint)
    )
    select id from owned`,
});

/** `media m` with its variants, as it is answered (D7). */
const MEDIA = `jsonb_build_object(
        'id', m.id, 'ownerId', m.owner_id, 'kind', m.kind, 'alt', m.alt, 'blurhash', m.blurhash, 'variants',
        jsonb_agg(
          jsonb_build_object('name', v.name, 'url', v.url, 'contentType', v.content_type, 'width', v.width, 'height',
            v.height, 'bytes', v.bytes)
          order by v.name collate "C"))`;

export const mediaById = readQuery({
  name: 'content.mediaById',
  params: { mediaId: pg.uuid },
  row: { media: pg.jsonb },
  sql: `
    select ${MEDIA} as media
    from media m
    join media_variants v on v.tenant_id = :tenant and v.media_id = m.id
    where m.tenant_id = :tenant and m.id = :mediaId
    group by m.tenant_id, m.id`,
});

/** Media of one owner by id, in the order of the ids. */
export const mediaOfOwner = readQuery({
  name: 'content.mediaOfOwner',
  params: { ownerId: pg.uuid, mediaIds: pg.uuidArray },
  row: { media: pg.jsonb },
  sql: `
    select ${MEDIA} as media
    from unnest(:mediaIds::uuid[]) with ordinality as wanted (id, place)
    join media m on m.tenant_id = :tenant and m.id = wanted.id and m.owner_id = :ownerId
    join media_variants v on v.tenant_id = :tenant and v.media_id = m.id
    group by m.tenant_id, m.id, wanted.place
    order by wanted.place`,
});

export const attachMedia = writeQuery({
  name: 'content.attachMedia',
  params: { postId: pg.uuid, mediaIds: pg.uuidArray },
  row: {},
  sql: `
    insert into post_media (tenant_id, post_id, place, media_id)
    select :tenant::uuid, :postId::uuid, wanted.place, wanted.id
    from unnest(:mediaIds::uuid[]) with ordinality as wanted (id, place)`,
});

/**
 * What `posts p` carries, as a scalar sub-select of its contents: three tables in one aggregated join, with all variants
 * (D7). A post without media looks for none.
 */
export const MEDIA_OF_POST = `
      case when p.has_media then (
        select coalesce(jsonb_agg(one.media order by one.place), '[]')
        from (
          select a.place, ${MEDIA} as media
          from post_media a
          join media m on m.tenant_id = :tenant and m.id = a.media_id
          join media_variants v on v.tenant_id = :tenant and v.media_id = m.id
          where a.tenant_id = :tenant and a.post_id = p.id
          group by m.tenant_id, m.id, a.place
        ) one
      ) else '[]' end`;
