import fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, readScope, type Scope } from '../../platform/operation/index.js';
import { createSilentLogger } from '../../platform/telemetry/index.js';
import { type Member, startTestApp, type TestApp } from '../../testing/test-app.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { MAX_KEPT_RELATIONS } from './limits.js';

/*
 * C4: blocks and mutes come from memory, and are those of the database: at once for who has changed them, on every
 * process (I4), and within a second for everybody else (I12). The database is asked by statements of the test's own.
 */

/** What a change may take to be seen by others, with room for a machine that does ten things. */
const SEEN_WITHIN_MS = 5_000;

let database: TestDatabase;
let superuser: Client;
let apps: readonly [TestApp, TestApp];
let members: readonly Member[];

beforeAll(async () => {
  database = await createTestDatabase();
  const start = () => startTestApp({ database, env: { NOVA_PROCESSES: '2' } });
  apps = [await start(), await start()];
  superuser = await connectTo(database.superuserUrl);
  await superuser.query('set search_path = nova');
  members = await Promise.all(['one', 'two', 'three', 'four'].map((name) => apps[0].signUp(`${name}_member`)));
});
afterAll(async () => {
  await superuser?.end();
  for (const app of apps ?? []) await app.close();
  await database?.drop();
});

async function scopeOf(app: TestApp, member: Member): Promise<Scope> {
  const principal = await app.nova.authenticate({ bearer: member.token, key: null });
  const call: Call = {
    principal,
    correlationId: 'test',
    remoteAddress: '127.0.0.1',
    userAgent: 'test',
    log: createSilentLogger(),
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
    idempotencyKey: null,
  };
  return readScope(app.nova.database, call);
}

/** How a member stands to the others, as the product says: the edge that every `User` of GraphQL has. */
async function told(app: TestApp, member: Member): Promise<string[]> {
  const edge = app.nova.domains.find(({ name }) => name === 'graph')?.bindings.graphql.edges['User']?.['viewer'];
  const others = members.filter(({ id }) => id !== member.id);
  const scope = await scopeOf(app, member);
  const relations = (await edge?.(
    scope,
    others.map(({ id }) => ({ id })),
    {},
  )) as readonly {
    blocking: boolean;
    muting: boolean;
  }[];
  const visible = await Promise.all(
    others.map(async ({ id }) => (await app.rest('GET', `/users/${id}`, { token: member.token })).status === 200),
  );
  return others.map(
    ({ id }, index) => `${id} ${relations[index]?.blocking} ${relations[index]?.muting} ${!visible[index]}`,
  );
}

async function stored(member: Member): Promise<string[]> {
  const others = members.filter(({ id }) => id !== member.id).map(({ id }) => id);
  const { rows } = await superuser.query<{ line: string }>(
    `select format('%s %s %s %s', other.id, mine, muted, mine or theirs) as line
     from unnest($2::uuid[]) with ordinality as other (id, place)
     cross join lateral (
       select exists (select from blocks where blocker_id = $1 and blocked_id = other.id) as mine,
         exists (select from blocks where blocker_id = other.id and blocked_id = $1) as theirs,
         exists (select from mutes where muter_id = $1 and muted_id = other.id
           and (expires_at is null or expires_at > now())) as muted
     ) standing
     order by place`,
    [member.id, others],
  );
  return rows.map(({ line }) => line.replaceAll(/\bt\b/g, 'true').replaceAll(/\bf\b/g, 'false'));
}

async function untilTold(app: TestApp, member: Member): Promise<void> {
  const deadline = Date.now() + SEEN_WITHIN_MS;
  const expected = await stored(member);
  while (Date.now() < deadline) {
    if (JSON.stringify(await told(app, member)) === JSON.stringify(expected)) return;
  }
  expect(await told(app, member)).toEqual(expected);
}

const statementsOf = async (app: TestApp, path: string, member: Member) => {
  const { queries } = await app.queriesOf(() => app.rest('GET', path, { token: member.token }));
  return queries
    .filter((name) => /^(graph|identity\.users)/.test(name) && name !== 'graph.relationChangesSince')
    .sort();
};

const change = fc.record({
  actor: fc.nat(3),
  target: fc.nat(3),
  writer: fc.nat(1),
  method: fc.constantFrom('PUT', 'PUT', 'DELETE'),
  what: fc.constantFrom('block', 'mute', 'mute for a time'),
});

describe('blocks and mutes from memory (C4)', () => {
  // Seeded bugs: no version of own changes (red for who has made one); a watch that hears nothing (red for the others).
  it('are those of the database after random changes on two processes', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 20 }), async (changes) => {
        for (const { actor, target, writer, method, what } of changes) {
          const [me, other] = [members[actor] as Member, members[target] as Member];
          const body = what === 'mute for a time' && method === 'PUT' ? { durationSeconds: 600 } : undefined;
          const path = `/users/${other.id}/${what === 'block' ? 'block' : 'mute'}`;
          const { status } = await apps[writer as 0 | 1].rest(method, path, {
            token: me.token,
            ...(body === undefined ? {} : { body }),
          });
          expect(status).toBeLessThan(500);
          // At once, through either process.
          const expected = await stored(me);
          for (const app of apps) expect(await told(app, me)).toEqual(expected);
        }
        for (const app of apps) for (const member of members) await untilTold(app, member);
      }),
      { numRuns: 8 },
    );
  });

  it('are seen when nobody has told of them: changed by a statement, whoever has sent it', async () => {
    const [a, b] = members as [Member, Member];
    await superuser.query('delete from blocks; delete from mutes');
    for (const app of apps) for (const member of [a, b]) await untilTold(app, member);
    await superuser.query(
      `insert into blocks (tenant_id, blocker_id, blocked_id) select tenant_id, $1, id from users where id = $2`,
      [a.id, b.id],
    );
    for (const app of apps) for (const member of [a, b]) await untilTold(app, member);
    await superuser.query('delete from blocks');
    for (const app of apps) for (const member of [a, b]) await untilTold(app, member);
  });

  it('cost no statement of their own where a process serves alone, and one by key where several do', async () => {
    const [a, b] = members as [Member, Member];
    await untilTold(apps[0], a);
    const profile = ['graph.counts', 'graph.followStandings', 'identity.usersByIds'];
    expect(await statementsOf(apps[0], `/users/${b.id}`, a)).toEqual([...profile, 'graph.ownRelationVersion'].sort());
    const alone = await startTestApp();
    try {
      const [me, other] = [await alone.signUp('me_alone'), await alone.signUp('other_one')];
      const path = `/users/${other.id}`;
      const deadline = Date.now() + SEEN_WITHIN_MS;
      // It loads once, when it has looked for changes first.
      while ((await statementsOf(alone, path, me)).length > profile.length && Date.now() < deadline);
      expect(await statementsOf(alone, path, me)).toEqual(profile);
      await alone.rest('PUT', `${path}/block`, { token: me.token });
      expect((await alone.rest('GET', path, { token: me.token })).status).toBe(404);
      const metrics = await (await fetch(`${alone.adminUrl}/metrics`)).text();
      expect(metrics).toMatch(/nova_cache_requests_total\{cache="relations",result="hit"\} [1-9]/);
      expect(metrics).toMatch(/nova_cache_requests_total\{cache="relations",result="miss"\} [1-9]/);
    } finally {
      await alone.close();
    }
  });

  it('are asked of the database when they are too many, or turned off', async () => {
    const [a, b, c] = members as [Member, Member, Member];
    await superuser.query(
      `with added as (
         insert into users (tenant_id, id, handle, display_name)
         select tenant_id, gen_random_uuid(), 'many_' || n, 'many' from users, generate_series(1, $2::int) n
         where id = $1 returning tenant_id, id)
       insert into blocks (tenant_id, blocker_id, blocked_id) select tenant_id, $1, id from added`,
      [a.id, MAX_KEPT_RELATIONS],
    );
    await apps[0].rest('PUT', `/users/${c.id}/block`, { token: a.token });
    for (const app of apps) await untilTold(app, a);
    expect(await statementsOf(apps[0], `/users/${b.id}`, a)).toEqual(
      ['graph.counts', 'graph.hidden', 'graph.ownRelationVersion', 'graph.standings', 'identity.usersByIds'].sort(),
    );
    const off = await startTestApp({ database, env: { NOVA_PROCESSES: '2', NOVA_CACHE_RELATION_BYTES: '0' } });
    try {
      await untilTold(off, b);
      expect(await statementsOf(off, `/users/${c.id}`, b)).toEqual(
        ['graph.counts', 'graph.hidden', 'graph.standings', 'identity.usersByIds'].sort(),
      );
    } finally {
      await off.close();
    }
  });
});
