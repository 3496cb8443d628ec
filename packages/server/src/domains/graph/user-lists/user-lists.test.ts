import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NovaError } from '../../../platform/errors/index.js';
import { createSocial, type Social } from '../../../testing/social.js';
import { repairListCounts, sampleListDrift } from '../index.js';
import { MAX_LIST_MEMBERS, MAX_LISTS } from '../limits.js';
import type { UserList } from './schema.js';

interface Page<T = { id: string }> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

let social: Social;
let failedStatements: string[] = [];
beforeAll(async () => {
  social = await createSocial({
    observe: ({ query, outcome }) => {
      if (outcome === 'error') failedStatements.push(query);
    },
  });
});
afterAll(() => social.close());

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const create = (owner: string, input: object = {}) => run<UserList>(owner, 'createList', { name: 'friends', ...input });
const add = (owner: string, listId: string, userId: string) =>
  run<UserList>(owner, 'addListMember', { listId, userId });
const remove = (owner: string, listId: string, userId: string) =>
  run<UserList>(owner, 'removeListMember', { listId, userId });
const members = async (viewer: string | null, listId: string) =>
  (await run<Page>(viewer, 'listListMembers', { listId })).items.map(({ id }) => id);
const lists = async (viewer: string | null, userId: string) =>
  (await run<Page>(viewer, 'listLists', { userId })).items.map(({ id }) => id);
const notFound = { code: 'not_found' };

describe('a list', () => {
  it('is made, renamed, filled, emptied and deleted by its owner', async () => {
    const [owner, a, b] = (await social.addUsers(3)) as [string, string, string];
    const list = await create(owner, { name: '  close to me ' });
    expect(list).toMatchObject({ ownerId: owner, name: 'close to me', kind: 'named', isPrivate: true, memberCount: 0 });
    expect(await run(owner, 'getList', { listId: list.id })).toEqual(list);
    expect(await run(owner, 'updateList', { listId: list.id, name: 'others' })).toMatchObject({
      name: 'others',
      isPrivate: true,
    });
    for (let again = 0; again < 2; again += 1) {
      expect(await add(owner, list.id, a)).toMatchObject({ memberCount: 1 });
    }
    expect(await add(owner, list.id, b)).toMatchObject({ memberCount: 2 });
    expect(await members(owner, list.id)).toEqual([b, a]);
    expect([...((await social.graph.listMemberIds(social.scope(owner), list.id)) ?? [])].sort()).toEqual([a, b].sort());
    for (let again = 0; again < 2; again += 1) {
      expect(await remove(owner, list.id, a)).toMatchObject({ memberCount: 1 });
    }
    expect(await run(owner, 'deleteList', { listId: list.id })).toBeNull();
    for (const name of ['deleteList', 'getList', 'updateList', 'listListMembers']) {
      await expect(run(owner, name, { listId: list.id })).rejects.toMatchObject(notFound);
    }
    expect(await social.sql('select 1 from user_list_members where list_id = $1', [list.id])).toEqual([]);
  });

  it('is its owner’s alone, unless it is shown: then it is everyone’s to see and the owner’s to change', async () => {
    const [owner, member, blocked] = (await social.addUsers(3)) as [string, string, string];
    const [hidden, shown] = [await create(owner), await create(owner, { isPrivate: false })];
    await add(owner, shown.id, member);
    await run(owner, 'blockUser', { userId: blocked });
    expect(await lists(owner, owner)).toEqual([shown.id, hidden.id]);
    for (const viewer of [null, member]) {
      expect(await lists(viewer, owner)).toEqual([shown.id]);
      expect(await members(viewer, shown.id)).toEqual([member]);
      await expect(run(viewer, 'getList', { listId: hidden.id })).rejects.toMatchObject(notFound);
      expect(await social.graph.listMemberIds(social.scope(viewer), hidden.id)).toBeNull();
    }
    for (const list of [hidden, shown]) {
      await expect(run(member, 'deleteList', { listId: list.id })).rejects.toMatchObject(notFound);
      await expect(run(member, 'updateList', { listId: list.id, name: 'x' })).rejects.toMatchObject(notFound);
      await expect(add(member, list.id, member)).rejects.toMatchObject(notFound);
      await expect(remove(member, list.id, member)).rejects.toMatchObject(notFound);
    }
    await expect(run(blocked, 'getList', { listId: shown.id })).rejects.toMatchObject(notFound);
    await expect(lists(blocked, owner)).rejects.toMatchObject(notFound);
    await run(owner, 'setPrivacy', { isPrivate: true });
    expect(await lists(member, owner)).toEqual([]);
    await expect(members(member, shown.id)).rejects.toMatchObject(notFound);
  });

  it('has no member whom a block separates from its owner', async () => {
    const [a, b] = (await social.addUsers(2)) as [string, string];
    const [ofA, ofB] = [await create(a), await create(b)];
    await Promise.all([add(a, ofA.id, b), add(a, ofA.id, a), add(b, ofB.id, a)]);
    await run(a, 'blockUser', { userId: b });
    expect(await run(a, 'getList', { listId: ofA.id })).toMatchObject({ memberCount: 1 });
    expect(await members(a, ofA.id)).toEqual([a]);
    expect(await run(b, 'getList', { listId: ofB.id })).toMatchObject({ memberCount: 0 });
    await expect(add(b, ofB.id, a)).rejects.toMatchObject(notFound);
  });

  it('has as many members, and its owner as many lists, as may be, also at the same moment', async () => {
    const [owner, ...others] = (await social.addUsers(5)) as [string, ...string[]];
    const list = await create(owner);
    await social.sql('update user_lists set member_count = $1 where id = $2', [MAX_LIST_MEMBERS - 2, list.id]);
    const added = await Promise.allSettled(others.map((userId) => add(owner, list.id, userId)));
    const refused = added.flatMap((result) => (result.status === 'rejected' ? [result.reason.code as string] : []));
    expect(refused).toEqual(['list_full', 'list_full']);
    await social.sql(
      `insert into user_lists (tenant_id, id, owner_id, name, kind)
       select $1, gen_random_uuid(), $2, 'list', 'named' from generate_series(1, $3::int)`,
      [social.tenantId, owner, MAX_LISTS - 3],
    );
    const made = await Promise.allSettled(Array.from({ length: 4 }, () => create(owner)));
    const codes = made.flatMap((result) => (result.status === 'rejected' ? [result.reason.code as string] : []));
    expect(codes).toEqual(['list_limit_reached', 'list_limit_reached']);
  });
});

describe('close friends', () => {
  it('are one list, always private, and known to those who decide what they see', async () => {
    const [owner, friend, other] = (await social.addUsers(3)) as [string, string, string];
    await expect(create(owner, { kind: 'close_friends', isPrivate: false })).rejects.toMatchObject({
      code: 'close_friends_are_private',
    });
    const list = await create(owner, { kind: 'close_friends' });
    await expect(create(owner, { kind: 'close_friends' })).rejects.toMatchObject({ code: 'close_friends_exist' });
    await expect(run(owner, 'updateList', { listId: list.id, isPrivate: false })).rejects.toMatchObject({
      code: 'close_friends_are_private',
    });
    await add(owner, list.id, friend);
    await add(owner, (await create(owner)).id, other);
    const closeTo = async (viewer: string | null) =>
      [...(await social.graph.relations(social.scope(viewer), [owner, friend, other]))]
        .filter(([, standing]) => standing.closeFriend)
        .map(([id]) => id);
    expect(await closeTo(friend)).toEqual([owner]);
    expect(await closeTo(other)).toEqual([]);
    expect(await closeTo(null)).toEqual([]);
  });
});

const user = fc.nat(3);
const command = fc.record({
  kind: fc.constantFrom('add', 'add', 'add', 'remove', 'block', 'unblock', 'delete', 'repair'),
  actor: user,
  target: user,
  list: fc.nat(7),
});

describe('member counts', () => {
  it('are those of a recount, whatever happens at the same moment', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 30, maxLength: 80 }), async (commands) => {
        failedStatements = [];
        const users = await social.addUsers(4);
        const made = await Promise.all(
          [...users, ...users].map(async (owner) => ({ owner, id: (await create(owner)).id })),
        );
        const lanes = Array.from({ length: 8 }, (_, lane) => commands.filter((_, index) => index % 8 === lane));
        await Promise.all(
          lanes.map(async (lane) => {
            for (const { kind, actor, target, list } of lane) {
              const [{ owner, id }, userId] = [made[list] as { owner: string; id: string }, users[target] as string];
              const step = {
                add: () => add(owner, id, userId),
                remove: () => remove(owner, id, userId),
                block: () => run(users[actor] as string, 'blockUser', { userId }),
                unblock: () => run(users[actor] as string, 'unblockUser', { userId }),
                delete: () => (actor === 0 ? run(owner, 'deleteList', { listId: id }) : Promise.resolve()),
                repair: () => repairListCounts(social.database, new AbortController().signal),
              }[kind];
              await step?.().catch((error: unknown) => {
                const expected = ['not_found', 'cannot_block_self'];
                if (!(error instanceof NovaError && expected.includes(error.code))) throw error;
              });
            }
          }),
        );
        expect(failedStatements).toEqual([]);
        expect(
          await social.sql(
            `select 1 from user_lists l where owner_id = any($1) and member_count <>
            (select count(*) from user_list_members where list_id = l.id)`,
            [users],
          ),
        ).toEqual([]);
        expect(
          await social.sql(`select 1 from user_list_members m join blocks b
            on (b.blocker_id, b.blocked_id) in ((m.owner_id, m.member_id), (m.member_id, m.owner_id))`),
        ).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('are put right by the repair, and what is wrong shows in the sample', async () => {
    const [owner, a] = (await social.addUsers(2)) as [string, string];
    const list = await create(owner);
    await add(owner, list.id, a);
    await repairListCounts(social.database, new AbortController().signal);
    expect(await sampleListDrift(social.database, 1_000)).toMatchObject({ drifting: 0 });
    await social.sql('update user_lists set member_count = 7 where id = $1', [list.id]);
    expect(await sampleListDrift(social.database, 1_000)).toMatchObject({ drifting: 1 });
    expect(await repairListCounts(social.database, new AbortController().signal)).toMatchObject({ repaired: 1 });
    expect(await run(owner, 'getList', { listId: list.id })).toMatchObject({ memberCount: 1 });
  });
});
