import fc from 'fast-check';
import type { Client } from 'pg';
import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase } from '../../testing/open-database.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { type Database, pg, writeQuery } from '../db/index.js';
import { platformErrors } from '../errors/index.js';
import { newId } from '../ids/index.js';
import { bindOperation, type Call, createExecutor, writeOperation } from '../operation/index.js';
import { createLocalWrites } from '../page-cache/index.js';
import { createSilentLogger } from '../telemetry/index.js';
import { createIdempotencyStore, idempotencyQueries } from './index.js';

/*
 * I3 at its lowest level: the record of a key and the effect of its call are one transaction. Two executors stand for
 * two processes: what holds within one holds between them.
 *
 * Seeded bugs that turn this red: a claim in a transaction of its own (a failed call keeps its key), an answer that is
 * stored with its secrets, a key without its owner.
 */

let testDatabase: TestDatabase;
let database: Database;
let superuser: Client;
const tenantId = newId();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  superuser = await connectTo(testDatabase.superuserUrl);
  await superuser.query(`insert into nova.tenants (tenant_id, name, plan) values ($1, 'test', 'free')`, [tenantId]);
  database = makeDatabase(testDatabase, {
    writerConnections: 8,
    acquireTimeoutMs: 10_000,
    queryTimeoutMs: 10_000,
    saturation: 1,
  });
  await database.open();
});

afterAll(async () => {
  await database?.close();
  await superuser?.end();
  await testDatabase?.drop();
});

/** An effect that can be counted. */
const addOne = writeQuery({
  name: 'test.addOne',
  params: { name: pg.text, amount: pg.int8 },
  row: { sum: pg.int8 },
  sql: `
    insert into hashtag_usage as u (tenant_id, hashtag, posts) values (:tenant, :name, :amount)
    on conflict (tenant_id, hashtag) do update set posts = u.posts + excluded.posts
    returning posts as sum`,
});

const Input = Type.Object(
  { name: Type.String(), amount: Type.Integer(), fails: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
const Output = Type.Object({ sum: Type.Integer(), token: Type.Union([Type.String(), Type.Null()]) });

const operationNamed = (name: string) =>
  bindOperation(
    writeOperation({
      name,
      summary: 'Adds',
      access: 'anyone',
      input: Input,
      output: Output,
      secretOutput: ['token'],
      async run(_deps: object, { db }, input) {
        const row = await db.row(addOne, { name: input.name, amount: input.amount });
        if (input.fails) throw platformErrors.forbidden();
        return { sum: row?.sum ?? 0, token: `secret-${newId()}` };
      },
    }),
    {},
  );
const add = operationNamed('add');
const subtract = operationNamed('subtract');

const executors = ['one secret', 'one secret'].map((secret) =>
  createExecutor({
    database: {
      read: (...args) => database.read(...args),
      transaction: (...args) => database.transaction(...args),
    },
    idempotency: createIdempotencyStore(secret),
    ownWrites: createLocalWrites(),
  }),
);

interface Caller {
  readonly userId?: string;
  readonly keyId?: string;
}

function callWith(idempotencyKey: string | null, { userId, keyId }: Caller = {}): Call {
  return {
    principal: {
      tenant: { id: tenantId, plan: 'free' },
      viewer: userId === undefined ? null : { userId, sessionId: userId, role: 'member' },
      secret: false,
      keyId: keyId ?? null,
      keyScopes: null,
    },
    correlationId: 'test',
    remoteAddress: '127.0.0.1',
    userAgent: 'test',
    log: createSilentLogger(),
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
    idempotencyKey,
  };
}

interface Result {
  readonly output: { readonly sum: number; readonly token: string | null };
  readonly replayed: boolean;
}

/** In the process that is named by its number. */
const execute = async (input: object, call: Call, process = 0, operation = add): Promise<Result> =>
  (await executors[process]?.(operation, call, input)) as Result;

const sumOf = async (name: string): Promise<number> => {
  const { rows } = await superuser.query('select posts::int as sum from nova.hashtag_usage where hashtag = $1', [name]);
  return rows[0]?.sum ?? 0;
};

const recordsOf = async (key: string): Promise<string[]> =>
  (await superuser.query('select k::text as record from nova.idempotency_keys k where key = $1', [key])).rows.map(
    ({ record }) => record,
  );

describe('a key', () => {
  it('gives the first answer again, without its secrets, whatever the order of fields', async () => {
    const first = await execute({ name: 'again', amount: 2 }, callWith('again'));
    expect(first).toMatchObject({ replayed: false, output: { sum: 2, token: expect.stringMatching(/^secret-/) } });
    for (const process of [0, 1]) {
      const again = await execute({ amount: 2, name: 'again' }, callWith('again'), process);
      expect(again).toEqual({ replayed: true, output: { sum: 2, token: null } });
    }
    expect(await sumOf('again')).toBe(2);
  });

  it('is refused for another input or operation', async () => {
    await execute({ name: 'other', amount: 1 }, callWith('other'));
    for (const again of [
      () => execute({ name: 'other', amount: 2 }, callWith('other')),
      () => execute({ name: 'other', amount: 1, fails: false }, callWith('other'), 1),
      () => execute({ name: 'other', amount: 1 }, callWith('other'), 0, subtract),
    ]) {
      await expect(again()).rejects.toMatchObject({ code: 'idempotency_conflict' });
    }
    expect(await sumOf('other')).toBe(1);
  });

  it('belongs to its user, or before sign-in to the API key it came with', async () => {
    const callers = [{}, { keyId: newId() }, { keyId: newId() }, { userId: newId() }, { userId: newId() }];
    for (const caller of callers) {
      expect((await execute({ name: 'whose', amount: 1 }, callWith('whose', caller))).replayed).toBe(false);
      expect((await execute({ name: 'whose', amount: 1 }, callWith('whose', caller))).replayed).toBe(true);
    }
    expect(await sumOf('whose')).toBe(callers.length);
  });

  it('is free again when its first call has failed', async () => {
    const failing = execute({ name: 'failed', amount: 1, fails: true }, callWith('failed'));
    await expect(failing).rejects.toMatchObject({ code: 'forbidden' });
    expect(await recordsOf('failed')).toEqual([]);
    expect(await sumOf('failed')).toBe(0);
    expect((await execute({ name: 'failed', amount: 5 }, callWith('failed'))).replayed).toBe(false);
    expect(await sumOf('failed')).toBe(5);
  });

  it('is free again after 24 hours', async () => {
    await execute({ name: 'old', amount: 1 }, callWith('old'));
    const { rows } = await superuser.query(
      `select extract(epoch from expires_at - created_at)::int as seconds from nova.idempotency_keys where key = 'old'`,
    );
    expect(rows).toEqual([{ seconds: 24 * 3_600 }]);
    await superuser.query(`update nova.idempotency_keys set expires_at = now() - interval '1 ms' where key = 'old'`);
    expect((await execute({ name: 'old', amount: 3 }, callWith('old'), 1)).replayed).toBe(false);
    expect((await execute({ name: 'old', amount: 3 }, callWith('old'))).replayed).toBe(true);
    expect(await sumOf('old')).toBe(4);
  });

  it('is swept away when it has expired, and not before', async () => {
    await execute({ name: 'swept', amount: 1 }, callWith('swept 1'));
    await execute({ name: 'swept', amount: 1 }, callWith('swept 2'));
    await superuser.query(
      `update nova.idempotency_keys set expires_at = now() - interval '1 ms' where key = 'swept 1'`,
    );
    expect(await database.system.run(idempotencyQueries.purgeExpired, { limit: 1_000 })).toBe(1);
    expect(await recordsOf('swept 1')).toEqual([]);
    expect(await recordsOf('swept 2')).toHaveLength(1);
  });

  it('is looked for before slow work that a retry does not need', async () => {
    let prepared = 0;
    const slow = {
      ...add,
      name: 'slow',
      prepare: async () => {
        prepared += 1;
      },
    };
    const calls = Array.from({ length: 10 }, (_, index) =>
      execute({ name: 'slow', amount: 1 }, callWith('slow'), index % 2, slow),
    );
    await Promise.all(calls);
    // Two processes may both have looked before either had an answer.
    expect(prepared).toBeLessThanOrEqual(2);
    await expect(execute({ name: 'slow', amount: 2 }, callWith('slow'), 0, slow)).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
    await superuser.query(`update nova.idempotency_keys set expires_at = now() - interval '1 ms' where key = 'slow'`);
    expect((await execute({ name: 'slow', amount: 1 }, callWith('slow'), 1, slow)).replayed).toBe(false);
    expect(await sumOf('slow')).toBe(2);
  });

  it('of none makes every call its own', async () => {
    for (let i = 0; i < 3; i++) await execute({ name: 'keyless', amount: 1 }, callWith(null));
    expect(await sumOf('keyless')).toBe(3);
  });
});

describe('retries at once', () => {
  it('take effect once and answer the same, within a process and between two', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => execute({ name: 'race', amount: 1 }, callWith('race'), index % 2)),
    );
    expect(await sumOf('race')).toBe(1);
    expect(answers.map(({ output }) => output.sum)).toEqual(Array.from({ length: 50 }, () => 1));
    const [first, ...more] = answers.filter(({ replayed }) => !replayed);
    expect(more).toEqual([]);
    expect(answers.filter(({ output }) => output.token !== null)).toEqual([first]);
  });

  it('hold one connection of their process', async () => {
    const busy: number[] = [];
    const waiting = Array.from({ length: 30 }, () => execute({ name: 'narrow', amount: 1 }, callWith('narrow')));
    const watched = Promise.all(waiting.map((answer) => answer.then(() => busy.push(database.writers.inUse))));
    await watched;
    expect(Math.max(...busy)).toBeLessThanOrEqual(1);
  });

  it('go on when the first of them fails', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        execute({ name: 'after', amount: 1, fails: index === 0 }, callWith('after'), index % 2),
      ),
    );
    // Which comes first is open: the failing one leaves nothing, or meets the record of another input.
    const rejected = answers.filter(({ status }) => status === 'rejected');
    expect(rejected).toHaveLength(1);
    expect(await sumOf('after')).toBe(1);
  });
});

describe('what is kept', () => {
  it('holds neither the secret of the answer nor anything of the input', async () => {
    const { output } = await execute({ name: 'a password of mine', amount: 1 }, callWith('kept'));
    const [record = ''] = await recordsOf('kept');
    expect(record).toContain('"sum": 1'.replaceAll('"', '""'));
    expect(record).not.toContain(output.token);
    expect(record).not.toContain('password');
  });

  it('cannot be guessed from: the hash of a request is keyed', async () => {
    const strangers = createExecutor({
      database,
      idempotency: createIdempotencyStore('another secret'),
      ownWrites: createLocalWrites(),
    });
    await execute({ name: 'keyed', amount: 1 }, callWith('keyed'));
    const again = strangers(add, callWith('keyed'), { name: 'keyed', amount: 1 });
    await expect(again).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });
});

describe('any order of calls', () => {
  /** What each key was first used for; the specification in one line. */
  type Model = Map<string, { readonly input: string; readonly sum: number }>;

  it('does what a book of first answers would do', async () => {
    let run = 0;
    const sequence = fc.array(
      fc.record({
        key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
        amount: fc.integer({ min: 1, max: 2 }),
        fails: fc.boolean(),
        process: fc.constantFrom(0, 1),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(sequence, async (calls) => {
        const name = `property ${run++}`;
        const book: Model = new Map();
        let sum = 0;
        for (const { key, amount, fails, process } of calls) {
          const input = { name, amount, fails };
          const outcome = await execute(input, callWith(key === null ? null : `${name} ${key}`), process).then(
            ({ output, replayed }) => ({ sum: output.sum, replayed }),
            (error: { code: string }) => error.code,
          );
          const known = key === null ? undefined : book.get(key);
          if (known !== undefined) {
            const same = known.input === JSON.stringify(input);
            expect(outcome).toEqual(same ? { sum: known.sum, replayed: true } : 'idempotency_conflict');
          } else if (fails) {
            expect(outcome).toBe('forbidden');
          } else {
            sum += amount;
            expect(outcome).toEqual({ sum, replayed: false });
            if (key !== null) book.set(key, { input: JSON.stringify(input), sum });
          }
        }
        expect(await sumOf(name)).toBe(sum);
      }),
      { numRuns: 40 },
    );
  });

  it('holds when the same calls come all at once', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 15 }), async (keys) => {
        const name = `at once ${run++}`;
        const answers = await Promise.all(
          keys.map((key, index) => execute({ name, amount: 1 }, callWith(`${name} ${key}`), index % 2)),
        );
        const distinct = new Set(keys).size;
        expect(await sumOf(name)).toBe(distinct);
        expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(distinct);
        for (const key of new Set(keys)) {
          const sums = answers.filter((_, index) => keys[index] === key).map(({ output }) => output.sum);
          expect(new Set(sums).size).toBe(1);
        }
      }),
      { numRuns: 25 },
    );
  });
});
