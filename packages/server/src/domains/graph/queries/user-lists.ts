import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom, openTo } from './separation.js';

/*
 * Locks: whoever changes the members of a list holds its row before theirs, of several lists in the order of their ids.
 */

const listRow = {
  id: pg.uuid,
  ownerId: pg.uuid,
  name: pg.text,
  kind: pg.text,
  isPrivate: pg.bool,
  memberCount: pg.int8,
  createdAt: pg.timestamptz,
  updatedAt: pg.timestamptz,
};

/** Columns of `listRow` from `user_lists l`. */
const LIST = `
      l.id, l.owner_id as "ownerId", l.name, l.kind, l.is_private as "isPrivate", l.member_count as "memberCount",
      l.created_at as "createdAt", l.updated_at as "updatedAt"`;

/** Lists that one user makes at the same moment wait for one another, so that they cannot pass the limit together. */
export const lockLists = writeQuery({
  name: 'graph.lockLists',
  params: { ownerId: pg.uuid },
  row: { locked: pg.bool },
  sql: `
    select true as locked
    from pg_advisory_xact_lock(hashtextextended('graph.lists/' || :tenant::uuid || '/' || :ownerId::uuid, 0))`,
});

/** No row when the owner has as many lists as may be. */
export const insertList = writeQuery({
  name: 'graph.insertList',
  params: { id: pg.uuid, ownerId: pg.uuid, name: pg.text, kind: pg.text, isPrivate: pg.bool, limit: pg.int8 },
  row: listRow,
  sql: `
    insert into user_lists as l (tenant_id, id, owner_id, name, kind, is_private)
    select :tenant::uuid, :id, :ownerId, :name, :kind, :isPrivate
    where (select count(*) from user_lists o where o.tenant_id = :tenant and o.owner_id = :ownerId) < :limit::bigint
    returning ${LIST}`,
});

/** Null leaves a column as it is. */
export const updateListRow = writeQuery({
  name: 'graph.updateList',
  params: { listId: pg.uuid, ownerId: pg.uuid, name: nullable(pg.text), isPrivate: nullable(pg.bool) },
  row: listRow,
  sql: `
    update user_lists l
    set name = coalesce(:name, l.name), is_private = coalesce(:isPrivate, l.is_private), updated_at = now()
    where l.tenant_id = :tenant and l.id = :listId and l.owner_id = :ownerId
    returning ${LIST}`,
});

/** Its members go with it. */
export const deleteListRow = writeQuery({
  name: 'graph.deleteList',
  params: { listId: pg.uuid, ownerId: pg.uuid },
  row: {},
  sql: 'delete from user_lists where tenant_id = :tenant and id = :listId and owner_id = :ownerId',
});

export const lockList = writeQuery({
  name: 'graph.lockList',
  params: { listId: pg.uuid, ownerId: pg.uuid },
  row: listRow,
  sql: `
    select ${LIST} from user_lists l
    where l.tenant_id = :tenant and l.id = :listId and l.owner_id = :ownerId
    for update`,
});

/** Adds and counts; no row when the member was there. */
export const insertListMember = writeQuery({
  name: 'graph.insertListMember',
  params: { listId: pg.uuid, ownerId: pg.uuid, memberId: pg.uuid },
  row: { memberCount: pg.int8 },
  sql: `
    with inserted as (
      insert into user_list_members (tenant_id, list_id, member_id, owner_id)
      values (:tenant::uuid, :listId::uuid, :memberId::uuid, :ownerId::uuid)
      on conflict do nothing
      returning list_id
    )
    update user_lists l set member_count = l.member_count + 1
    where l.tenant_id = :tenant and l.id = (select list_id from inserted)
    returning l.member_count as "memberCount"`,
});

/** Removes and counts; no row when there was no such member. */
export const deleteListMember = writeQuery({
  name: 'graph.deleteListMember',
  params: { listId: pg.uuid, memberId: pg.uuid },
  row: { memberCount: pg.int8 },
  sql: `
    with removed as (
      delete from user_list_members
      where tenant_id = :tenant and list_id = :listId::uuid and member_id = :memberId::uuid
      returning list_id
    )
    update user_lists l set member_count = l.member_count - 1
    where l.tenant_id = :tenant and l.id = (select list_id from removed)
    returning l.member_count as "memberCount"`,
});

/**
 * Takes each of two users from the lists of the other. Members go by place, probed by key: joined, all lists with a
 * popular member are read.
 */
export const separateLists = writeQuery({
  name: 'graph.separateLists',
  params: { userA: pg.uuid, userB: pg.uuid },
  row: {},
  sql: `
    with locked as (
      select l.id, l.owner_id from user_lists l
      where l.tenant_id = :tenant and l.id = any (array(
        select m.list_id from user_list_members m
        where m.tenant_id = :tenant and m.member_id = :userA::uuid and m.owner_id = :userB::uuid
        union all
        select m.list_id from user_list_members m
        where m.tenant_id = :tenant and m.member_id = :userB::uuid and m.owner_id = :userA::uuid))
      order by l.id
      for update
    ),
    removed as (
      delete from user_list_members
      where ctid = any (array(
        select found.ctid
        from locked
        cross join lateral (
          select m.ctid from user_list_members m
          where m.tenant_id = :tenant and m.list_id = locked.id
            and m.member_id = case locked.owner_id when :userA::uuid then :userB::uuid else :userA::uuid end
          limit 1
        ) found))
      returning list_id
    )
    update user_lists l set member_count = l.member_count - 1
    where l.tenant_id = :tenant and l.id = any (array(select list_id from removed))`,
});

/** A list, if the viewer may see it: their own, or one that is not private, of an owner whom they may see. */
export const visibleList = readQuery({
  name: 'graph.visibleList',
  params: { listId: pg.uuid, viewerId: nullable(pg.uuid) },
  row: listRow,
  sql: `
    select ${LIST}
    from user_lists l
    join users u on u.tenant_id = :tenant and u.id = l.owner_id and u.deleted_at is null
    where l.tenant_id = :tenant and l.id = :listId
      and (l.owner_id = :viewerId or (not l.is_private and ${openTo('u')} and ${notSeparatedFrom('l.owner_id')}))`,
});

/** A user's lists, newest first: of another's only those that are not private. */
export const listsOfOwner = readQuery({
  name: 'graph.listsOfOwner',
  params: {
    ownerId: pg.uuid,
    viewerId: nullable(pg.uuid),
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: listRow,
  sql: `
    select ${LIST}
    from user_lists l
    where l.tenant_id = :tenant and l.owner_id = :ownerId
      and (l.created_at, l.id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and (:ownerId::uuid = :viewerId::uuid or not l.is_private)
    order by l.created_at desc, l.id desc
    limit :limit::int`,
});

/** Members of a list, last added first; deleted users and blocks of the viewer are left out. */
export const listMembers = readQuery({
  name: 'graph.listMembers',
  params: {
    listId: pg.uuid,
    viewerId: nullable(pg.uuid),
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select m.member_id as "userId", m.created_at as at
    from user_list_members m
    join users u on u.tenant_id = :tenant and u.id = m.member_id and u.deleted_at is null
    where m.tenant_id = :tenant and m.list_id = :listId
      and (m.created_at, m.member_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('m.member_id')}
    order by m.created_at desc, m.member_id desc
    limit :limit::int`,
});

/** All of them: a list has a thousand at most. */
export const listMemberIds = readQuery({
  name: 'graph.listMemberIds',
  params: { listId: pg.uuid },
  row: { userId: pg.uuid },
  sql: `
    select m.member_id as "userId" from user_list_members m
    where m.tenant_id = :tenant and m.list_id = :listId`,
});
