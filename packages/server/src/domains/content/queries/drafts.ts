import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';

const draftRow = {
  id: pg.uuid,
  body: pg.text,
  language: nullable(pg.text),
  visibility: pg.text,
  replyPolicy: pg.text,
  custom: pg.jsonb,
  mediaIds: pg.uuidArray,
  poll: nullable(pg.jsonb),
  publishAt: nullable(pg.timestamptz),
  createdAt: pg.timestamptz,
  updatedAt: pg.timestamptz,
};

/** Columns of `draftRow` from `post_drafts d`. */
const DRAFT = `
      d.id, d.body, d.language, d.visibility, d.reply_policy as "replyPolicy", d.custom,
      d.media_ids as "mediaIds", d.poll, d.publish_at as "publishAt",
      d.created_at as "createdAt", d.updated_at as "updatedAt"`;

/** No row when the author has `max` drafts; two at once may pass it by one, which harms nobody. */
export const insertDraft = writeQuery({
  name: 'content.insertDraft',
  params: {
    id: pg.uuid,
    authorId: pg.uuid,
    body: pg.text,
    language: nullable(pg.text),
    visibility: pg.text,
    replyPolicy: pg.text,
    custom: pg.jsonb,
    mediaIds: pg.uuidArray,
    poll: nullable(pg.jsonb),
    publishAt: nullable(pg.timestamptz),
    max: pg.int8,
  },
  row: draftRow,
  sql: `
    insert into post_drafts as d (tenant_id, id, author_id, body, language, visibility, reply_policy, custom, media_ids,
      poll, publish_at, due_at)
    select :tenant::uuid, :id, :authorId::uuid, :body, :language, :visibility, :replyPolicy, :custom, :mediaIds, :poll,
      :publishAt::timestamptz, :publishAt::timestamptz
    where (select count(*) from post_drafts own where own.tenant_id = :tenant and own.author_id = :authorId) < :max
    returning ${DRAFT}`,
});

export const draftById = readQuery({
  name: 'content.draftById',
  params: { draftId: pg.uuid, authorId: pg.uuid },
  row: draftRow,
  sql: `
    select ${DRAFT} from post_drafts d
    where d.tenant_id = :tenant and d.id = :draftId and d.author_id = :authorId`,
});

/** Newest first, strictly after the position. */
export const draftsOfAuthor = readQuery({
  name: 'content.draftsOfAuthor',
  params: {
    authorId: pg.uuid,
    scheduled: nullable(pg.bool),
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: draftRow,
  sql: `
    select ${DRAFT} from post_drafts d
    where d.tenant_id = :tenant and d.author_id = :authorId
      and (:scheduled::boolean is null or (d.publish_at is not null) = :scheduled::boolean)
      and (d.created_at, d.id) < (:beforeAt::timestamptz, :beforeId::uuid)
    order by d.created_at desc, d.id desc
    limit :limit::int`,
});

/** What is null stays as it is. */
export const updateDraft = writeQuery({
  name: 'content.updateDraft',
  params: {
    draftId: pg.uuid,
    authorId: pg.uuid,
    body: nullable(pg.text),
    language: nullable(pg.text),
    visibility: nullable(pg.text),
    replyPolicy: nullable(pg.text),
    custom: nullable(pg.jsonb),
    mediaIds: nullable(pg.uuidArray),
    poll: nullable(pg.jsonb),
  },
  row: draftRow,
  sql: `
    update post_drafts d
    set body = coalesce(:body, d.body), language = coalesce(:language, d.language),
      visibility = coalesce(:visibility, d.visibility), reply_policy = coalesce(:replyPolicy, d.reply_policy),
      custom = coalesce(:custom, d.custom), media_ids = coalesce(:mediaIds, d.media_ids), poll = coalesce(:poll, d.poll),
      updated_at = now()
    where d.tenant_id = :tenant and d.id = :draftId and d.author_id = :authorId
    returning ${DRAFT}`,
});

/** A `publishAt` of null takes it off the schedule. */
export const scheduleDraft = writeQuery({
  name: 'content.scheduleDraft',
  params: { draftId: pg.uuid, authorId: pg.uuid, publishAt: nullable(pg.timestamptz) },
  row: draftRow,
  sql: `
    update post_drafts d
    set publish_at = :publishAt::timestamptz, due_at = :publishAt::timestamptz, updated_at = now()
    where d.tenant_id = :tenant and d.id = :draftId and d.author_id = :authorId
    returning ${DRAFT}`,
});

/** Also how a draft becomes a post: whoever has deleted the row is the one who publishes it. */
export const takeDraft = writeQuery({
  name: 'content.takeDraft',
  params: { draftId: pg.uuid, authorId: pg.uuid },
  row: draftRow,
  sql: `
    delete from post_drafts d
    where d.tenant_id = :tenant and d.id = :draftId and d.author_id = :authorId
    returning ${DRAFT}`,
});

/** As `takeDraft`, while its time has come: it may have been put off since it was found. */
export const takeDueDraft = writeQuery({
  name: 'content.takeDueDraft',
  params: { draftId: pg.uuid, authorId: pg.uuid },
  row: draftRow,
  sql: `
    delete from post_drafts d
    where d.tenant_id = :tenant and d.id = :draftId and d.author_id = :authorId and d.publish_at <= now()
    returning ${DRAFT}`,
});

/**
 * Drafts of all tenants whose time has come, which are this process's for `leaseMs`: after a failure or a crash they are
 * due again, in whatever process.
 */
export const leaseDueDrafts = systemQuery({
  name: 'content.leaseDueDrafts',
  kind: 'write',
  params: { leaseMs: pg.float8, limit: pg.int4 },
  row: { tenantId: pg.uuid, plan: pg.text, draftId: pg.uuid, authorId: pg.uuid },
  sql: `
    update post_drafts d set due_at = now() + :leaseMs * interval '1 millisecond'
    where ctid = any (array(
      select due.ctid from post_drafts due
      where due.due_at <= now()
      order by due.due_at
      limit :limit::int
      for update skip locked))
    returning d.tenant_id as "tenantId", (select t.plan from tenants t where t.tenant_id = d.tenant_id) as plan,
      d.id as "draftId", d.author_id as "authorId"`,
});
