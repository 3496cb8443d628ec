import type { JWTPayload } from 'jose';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createLocalBus,
  type IdentityNode,
  type NodeOptions,
  newAccount,
  openIdentityNode,
} from '../../../testing/identity-fixture.js';
import { connectTo } from '../../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.js';
import {
  BACKEND,
  codeOf,
  eddsa,
  hs256,
  KEY_ID,
  lookUps,
  seconds,
  sign,
  userCalled,
} from '../../../testing/token-fixture.js';
import { insertExternalUsers, lockExternalIds } from '../batch/batch-queries.js';
import type { ResolvedToken } from './token-resolver.js';

let database: TestDatabase;
let superuser: Client;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = await connectTo(database.superuserUrl);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await superuser.query(
    'delete from nova.token_keys; delete from nova.token_settings; update nova.users set tokens_valid_from = null',
  );
});
afterAll(async () => {
  await superuser?.end();
  await database?.drop();
});

async function openNode(options?: NodeOptions): Promise<IdentityNode> {
  const node = await openIdentityNode(database, options);
  closing.push(node.close);
  node.identity.start();
  return node;
}

describe('tokens are dead within a second on every process (I12)', () => {
  async function until(node: IdentityNode, token: string, code: string, withinMs = 1_000): Promise<void> {
    const startedAt = performance.now();
    while ((await codeOf(node, token)) !== code) {
      if (performance.now() - startedAt > withinMs) throw new Error(`still accepted after ${withinMs} ms`);
      await new Promise(setImmediate);
    }
  }

  /** Two processes that have both seen the tokens. */
  async function twoNodes(bus?: NodeOptions['bus']) {
    const options = bus === undefined ? {} : { bus };
    const [one, two] = [await openNode(options), await openNode(options)];
    await userCalled(one, 'first');
    await userCalled(one, 'second');
    const [oldKey, newKey] = [await hs256(one), await eddsa(one)];
    const past = seconds() - 5;
    const tokens = {
      first: await sign(oldKey, { sub: 'first', iat: past }),
      second: await sign(oldKey, { sub: 'second', iat: past }),
      newKey: await sign(newKey, { sub: 'first', iat: past }),
    };
    for (const token of Object.values(tokens)) {
      for (const node of [one, two]) expect(await codeOf(node, token)).toMatch(/accepted/);
    }
    return { one, two, oldKey, newKey, tokens };
  }

  // Seeded bug: a note that names the tenant's users and not the key; the kept token outlives it.
  it.each([
    ['without the bus', undefined],
    ['with the bus', createLocalBus()],
  ])('when their key is revoked, and those of the next key are not, %s', async (_how, bus) => {
    const { one, two, oldKey, tokens } = await twoNodes(bus);
    await one.call('revokeTokenKey', { keyId: oldKey.kid }, BACKEND);
    expect(await codeOf(one, tokens.first)).toBe('token_key_unknown');
    await until(two, tokens.first, 'token_key_unknown');
    await until(two, tokens.second, 'token_key_unknown');
    for (const node of [one, two]) expect(await codeOf(node, tokens.newKey)).toMatch(/accepted/);
    // Once more is no error: an answer may have been lost.
    await one.call('revokeTokenKey', { keyId: oldKey.kid }, BACKEND);
  });

  it('when those of their user are revoked; others, and later ones, are not', async () => {
    const { one, two, newKey, tokens } = await twoNodes();
    const { viewer } = await one.identity.resolveToken(tokens.first);
    const { validFrom } = await one.call<{ validFrom: string }>('revokeTokens', { userId: viewer.userId }, BACKEND);
    expect(await codeOf(one, tokens.first)).toBe('token_revoked');
    for (const token of [tokens.first, tokens.newKey]) await until(two, token, 'token_revoked');
    lookUps(two);
    expect(await codeOf(two, tokens.second)).toMatch(/accepted/);
    expect(lookUps(two)).toEqual([]);
    const later = Math.ceil(Date.parse(validFrom) / 1_000);
    expect(await codeOf(two, await sign(newKey, { sub: 'first', iat: later }))).toMatch(/accepted/);
    expect(await codeOf(two, await sign(newKey, { sub: 'first', iat: later - 1 }))).toBe('token_revoked');
    const unknown = one.call('revokeTokens', { userId: KEY_ID }, BACKEND);
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
  });

  it('when those of the tenant are revoked, and never alive again', async () => {
    const { one, two, newKey, tokens } = await twoNodes();
    const account = await newAccount(one);
    const { validFrom } = await one.call<{ validFrom: string }>('revokeTokens', {}, BACKEND);
    for (const token of Object.values(tokens)) await until(two, token, 'token_revoked');
    const later = Math.ceil(Date.parse(validFrom) / 1_000);
    expect(await codeOf(two, await sign(newKey, { sub: 'second', iat: later }))).toMatch(/accepted/);
    const again = await one.call<{ validFrom: string }>('revokeTokens', {}, BACKEND);
    expect(again.validFrom > validFrom).toBe(true);
    // Sessions that Nova has opened go on.
    expect(await two.identity.resolveSession(account.token)).not.toBeNull();
  });

  it('when their user is deleted', async () => {
    const { one, two, tokens } = await twoNodes();
    const { tenant, viewer } = await one.identity.resolveToken(tokens.first);
    await superuser.query('update nova.users set deleted_at = now() where id = $1', [viewer.userId]);
    await superuser.query(
      'insert into nova.principal_changes (tenant_id, id, subject_id) values ($1, gen_random_uuid(), $2)',
      [tenant.id, viewer.userId],
    );
    for (const node of [one, two]) await until(node, tokens.first, 'token_user_unknown');
    await superuser.query('update nova.users set deleted_at = null');
  });
});

describe('a user whom Nova does not know yet', () => {
  interface Made {
    readonly id: string;
    readonly handle: string;
    readonly displayName: string;
  }
  const madeFor = async (externalId: string): Promise<Made[]> =>
    (
      await superuser.query<Made>(
        'select id, handle, display_name as "displayName" from nova.users where external_id = $1',
        [externalId],
      )
    ).rows;

  it('is made from a token if the tenant says so, once, whoever comes at the same time', async () => {
    const [one, two] = [await openNode(), await openNode()];
    const signer = await hs256(one);
    const token = await sign(signer, { sub: 'newcomer', handle: 'New_Comer', name: ' New Comer ' });
    expect(await codeOf(one, token)).toBe('token_user_unknown');
    await one.call('updateTokenSettings', { createUsers: true }, BACKEND);
    const answers: ResolvedToken[] = [];
    // The other process learns of the settings within a second.
    const startedAt = performance.now();
    while (!(await codeOf(two, await sign(signer, { sub: 'probe' }))).startsWith('accepted')) {
      if (performance.now() - startedAt > 1_000) throw new Error('the settings are not known after a second');
      await new Promise(setImmediate);
    }
    const tokens = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        sign(signer, { sub: 'newcomer', handle: 'New_Comer', name: 'N', jti: `${n}` }),
      ),
    );
    answers.push(
      ...(await Promise.all(
        tokens.map((each, n) => [one, two][n % 2]?.identity.resolveToken(each) as Promise<ResolvedToken>),
      )),
    );
    const [user, ...others] = await madeFor('newcomer');
    expect(others).toEqual([]);
    expect(user).toMatchObject({ handle: 'new_comer', displayName: 'N' });
    expect(new Set(answers.map(({ viewer }) => viewer.userId))).toEqual(new Set([user?.id]));
    const events = [...one.events, ...two.events].filter(({ key }) => key === user?.id);
    expect(events.map(({ type }) => type)).toEqual(['user.created']);
  });

  // Seeded bug: without the lock the token comes in between, and the batch takes its user for somebody else's handle.
  it('is not made while a batch is making it', async () => {
    const node = await openNode();
    const signer = await hs256(node);
    await node.call('updateTokenSettings', { createUsers: true }, BACKEND);
    const token = await sign(signer, { sub: 'both', handle: 'both_ways' });
    const { rows } = await superuser.query<{ id: string }>('select tenant_id as id from nova.token_keys');
    let resolving: Promise<string> | undefined;
    const made = await node.database.transaction(rows[0]?.id ?? '', async (tx) => {
      await tx.row(lockExternalIds, {});
      resolving = codeOf(node, token);
      for (;;) {
        const waiting = await superuser.query(
          `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'
           union all select from nova.users where external_id = 'both'`,
        );
        if (waiting.rowCount !== 0) break;
        await new Promise(setImmediate);
      }
      return await tx.rows(insertExternalUsers, {
        ids: ['01900000-0000-7000-8000-0000000000b0'],
        externalIds: ['both'],
        handles: ['both_ways'],
        displayNames: ['Both'],
        bios: [''],
      });
    });
    expect(made).toHaveLength(1);
    expect(await resolving).toBe(`accepted as ${made[0]?.id}`);
  });

  it('gets a handle and a name whatever the token says', async () => {
    const node = await openNode();
    const { user } = await newAccount(node);
    const signer = await hs256(node);
    await node.call('updateTokenSettings', { createUsers: true }, BACKEND);
    const cases: [string, JWTPayload, RegExp, RegExp][] = [
      ['plain', {}, /^user_[0-9a-f]{16}$/, /^user_[0-9a-f]{16}$/],
      ['taken', { handle: user.handle, name: 'T' }, /^user_[0-9a-f]{16}$/, /^T$/],
      ['wrong', { handle: 'no such handle!', name: '' }, /^user_[0-9a-f]{16}$/, /^user_/],
      ['odd', { handle: { a: 1 }, name: 42 }, /^user_[0-9a-f]{16}$/, /^user_/],
      ['nul', { handle: 'nul_nul', name: 'a\0b' }, /^nul_nul$/, /^nul_nul$/],
    ];
    for (const [sub, claims, handle, name] of cases) {
      expect(await codeOf(node, await sign(signer, { sub, ...claims })), sub).toMatch(/accepted/);
      const [made] = await madeFor(sub);
      expect(made?.handle).toMatch(handle);
      expect(made?.displayName).toMatch(name);
    }
  });

  // Seeded bug: whoever deletes their account comes back with the token that is still in their app.
  it('is not made for an id of Nova, nor anew when deleted', async () => {
    const node = await openNode();
    const signer = await hs256(node);
    await userCalled(node, 'leaver');
    await superuser.query(`update nova.users set deleted_at = now() where external_id = 'leaver'`);
    await node.call('updateTokenSettings', { createUsers: true }, BACKEND);
    expect(await codeOf(node, await sign(signer, { sub: 'leaver' }))).toBe('token_user_unknown');
    expect(await codeOf(node, await sign(signer, { userId: KEY_ID }))).toBe('token_user_unknown');
    expect(await madeFor('leaver')).toHaveLength(1);
  });
});
