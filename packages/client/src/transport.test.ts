import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createNova, isNovaError, type NovaError, type Operation, type TransportOptions } from './index.js';
import {
  answer,
  type Behaviour,
  drop,
  problem,
  silence,
  startUnrulyServer,
  text,
  truncate,
  type UnrulyServer,
} from './testing/unruly-server.js';

let server: UnrulyServer;

beforeAll(async () => {
  server = await startUnrulyServer();
});
beforeEach(() => {
  server.plan(silence);
});
afterAll(async () => {
  await server.close();
});

const client = (options: Partial<TransportOptions> = {}) =>
  createNova({ baseUrl: server.url, ...options, retry: { baseDelayMs: 1, maxDelayMs: 4, ...options.retry } });

const PAGE = { items: [], nextCursor: null };
const ok = answer(200, PAGE);
const created = answer(201, { id: 'p1' });
const userId = '0190c0de-0000-7000-8000-000000000001';

const failureOf = async (work: Promise<unknown>): Promise<NovaError> => {
  try {
    await work;
  } catch (error) {
    if (isNovaError(error)) return error;
    throw error;
  }
  throw new Error('the call has succeeded');
};

describe('retries', () => {
  const passing: readonly (readonly [string, Behaviour])[] = [
    ['a dropped connection', drop],
    ['a truncated answer', truncate],
    ['broken JSON', text(200, 'application/json', '{"items":')],
    ['a page of a proxy', text(200, 'text/html', '<h1>Welcome</h1>')],
    ['a text that happens to be JSON', text(200, 'text/plain', '"OK"')],
    ['an outage told by a proxy', text(502, 'text/html', '<h1>Bad gateway</h1>')],
    ['an outage told by Nova', problem(503, 'unavailable')],
    ['a failure that Nova calls passing', problem(500, 'internal')],
    ['a rate limit', problem(429, 'rate_limited', { retryable: true })],
  ];

  test.each(passing)('%s is tried again, for reads and, under one key, for writes', async (_what, behaviour) => {
    server.plan(behaviour, behaviour, ok);
    expect(await client().feed.readHomeFeed.withResponse()).toMatchObject({ data: PAGE, attempts: 3 });
    server.plan(behaviour, created);
    expect(await client().content.createPost({ body: 'a' })).toEqual({ id: 'p1' });
    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(server.requests.map(({ body }) => body)).toEqual(['{"body":"a"}', '{"body":"a"}']);
    // Another call is another write.
    server.plan(created);
    await client().content.createPost({ body: 'a' });
    expect(server.requests[0]?.headers['idempotency-key']).not.toBe(keys[0]);
  });

  test.each([
    ['a refusal', problem(422, 'cannot_follow_self'), 'cannot_follow_self'],
    ['a failure that Nova calls lasting', problem(500, 'internal', { retryable: false }), 'internal'],
    ['a page where no Nova is', text(404, 'text/html', 'not here'), 'invalid_response'],
    ['JSON that is no problem', answer(400, { error: 'no' }), 'invalid_response'],
    ['an answer without anything', (response) => void response.writeHead(400).end(), 'invalid_response'],
  ] satisfies readonly (readonly [string, Behaviour, string])[])('%s is not', async (_what, behaviour, code) => {
    server.plan(behaviour);
    expect((await failureOf(client().graph.followUser({ userId }))).code).toBe(code);
    expect(server.requests).toHaveLength(1);
  });

  test('a write that the server does not make safe to repeat is not', async () => {
    const unsafe: Operation<object, void> = { id: 'unsafe', method: 'POST', path: '/unsafe' };
    server.plan(drop);
    expect(await failureOf(client().transport.call(unsafe, {}))).toMatchObject({
      code: 'connection_failed',
      retryable: true,
      status: null,
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['idempotency-key']).toBeUndefined();
  });

  test('end after as many attempts as are allowed, with the last failure', async () => {
    server.plan(drop, drop, problem(503, 'overloaded', { detail: 'at capacity' }));
    const error = await failureOf(client({ retry: { maxAttempts: 3 } }).identity.getMe());
    expect(error).toMatchObject({ code: 'overloaded', status: 503, requestId: 'r1', retryable: true });
    expect(error.message).toBe('overloaded: at capacity');
    expect(server.requests).toHaveLength(3);
  });

  test('wait as long as the server asks', async () => {
    server.plan(problem(503, 'unavailable', {}, { 'retry-after': '1' }), ok);
    await client().feed.readHomeFeed();
    const [first, second] = server.requests;
    // A lower bound, which no slow machine can miss; timers may be a little early.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(980);
  });

  test('are not waited for when the deadline comes first: the refusal is told at once', async () => {
    server.plan(problem(429, 'rate_limited', { retryable: true }, { 'retry-after': '3600' }));
    const error = await failureOf(client().feed.readHomeFeed({}, { deadlineMs: 5_000 }));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_600_000 });
    expect(server.requests).toHaveLength(1);
  });

  test('an attempt without an answer is given up for another', async () => {
    server.plan(silence, ok);
    expect(await client({ attemptMs: 100 }).feed.readHomeFeed.withResponse()).toMatchObject({ attempts: 2 });
  });

  test('a slow body counts, too', async () => {
    server.plan((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"items":');
    }, ok);
    expect(await client({ attemptMs: 100 }).feed.readHomeFeed.withResponse()).toMatchObject({ attempts: 2 });
  });
});

describe('the end of a call', () => {
  test('comes with its deadline, which says what was wrong last', async () => {
    server.plan(problem(503, 'unavailable'), silence);
    const error = await failureOf(client({ deadlineMs: 300 }).feed.readHomeFeed());
    expect(error).toMatchObject({ code: 'client_timeout', retryable: true, status: null });
    expect(error.cause).toMatchObject({ code: 'unavailable' });
  });

  test('comes with its signal, with the reason of that, and the connection is closed', async () => {
    const controller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      server.plan((response) => {
        response.on('close', resolve);
        controller.abort(new Error('gone elsewhere'));
      });
    });
    await expect(client().feed.readHomeFeed({}, { signal: controller.signal })).rejects.toThrow('gone elsewhere');
    await closed;
    expect(server.requests).toHaveLength(1);
  });

  test('comes while it waits for the next attempt', async () => {
    const controller = new AbortController();
    server.plan(problem(503, 'unavailable', {}, { 'retry-after': '3600' }), (response, request) => {
      controller.abort();
      void ok(response, request);
    });
    // With one place only, the second request shows that the first attempt is over.
    const nova = client({ deadlineMs: 7_200_000, maxConcurrent: 1 });
    const call = nova.feed.readHomeFeed({}, { signal: controller.signal });
    const [first, second] = await Promise.allSettled([call, nova.feed.readHomeFeed()]);
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: PAGE });
  });

  test('comes before the first request when the signal has aborted already', async () => {
    const call = client().feed.readHomeFeed({}, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requests).toHaveLength(0);
  });

  test('comes while the token is being fetched', async () => {
    const controller = new AbortController();
    const token = () => {
      queueMicrotask(() => controller.abort());
      return new Promise<string>(() => {});
    };
    const call = client({ token }).feed.readHomeFeed({}, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('credentials', () => {
  const accepting =
    (good: string): Behaviour =>
    (response, request) =>
      request.headers.authorization === `Bearer ${good}`
        ? ok(response, request)
        : problem(401, 'unauthenticated', { retryable: false })(response, request);

  test('the key and the token are shown, without cookies', async () => {
    server.plan(ok);
    await client({ publishableKey: 'nova_pk_1', token: 'nova_st_1' }).feed.readHomeFeed();
    expect(server.requests[0]?.headers).toMatchObject({ 'x-nova-key': 'nova_pk_1', authorization: 'Bearer nova_st_1' });
    await client({ token: 'nova_st_1' }).feed.readHomeFeed({}, { token: null });
    expect(server.requests[1]?.headers.authorization).toBeUndefined();
  });

  test('calls refused at the same time fetch one fresh token, and succeed with it', async () => {
    server.plan(accepting('fresh'));
    let token = 'stale';
    const rejections: (string | null)[] = [];
    const nova = client({
      token: async ({ rejected }) => {
        if (rejected === null) return token;
        rejections.push(rejected);
        // Until all of them have been refused, and have asked.
        while (server.requests.length < 5) await new Promise(setImmediate);
        for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
        token = 'fresh';
        return token;
      },
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => nova.feed.readHomeFeed.withResponse()));
    expect(answers.map(({ data, attempts }) => [data, attempts])).toEqual(Array.from({ length: 5 }, () => [PAGE, 1]));
    expect(rejections).toEqual(['stale']);
    expect(server.requests).toHaveLength(10);
  });

  test('a fresh token that is refused, too, ends the call', async () => {
    server.plan(accepting('nobody has it'));
    let made = 0;
    const nova = client({
      token: () => {
        made += 1;
        return `token-${made}`;
      },
    });
    expect((await failureOf(nova.feed.readHomeFeed())).code).toBe('unauthenticated');
    expect(server.requests).toHaveLength(2);
  });

  test('no fresh token ends the call at once, and a wrong password asks for none', async () => {
    const asked: (string | null)[] = [];
    const nova = client({
      token: ({ rejected }) => {
        asked.push(rejected);
        return rejected === null ? 'stale' : null;
      },
    });
    server.plan(problem(401, 'unauthenticated', { retryable: false }));
    expect((await failureOf(nova.feed.readHomeFeed())).code).toBe('unauthenticated');
    expect(server.requests).toHaveLength(1);
    expect(asked.at(-1)).toBe('stale');
    asked.length = 0;
    server.plan(problem(401, 'invalid_credentials', { retryable: false }));
    expect((await failureOf(nova.identity.signIn({ login: 'a', password: 'b' }))).code).toBe('invalid_credentials');
    expect(asked).toEqual([null]);
  });
});

describe('concurrency', () => {
  test('is bounded; others wait in line, and no more than may', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    server.plan((response, request) => {
      held.push(() => void ok(response, request));
      most = Math.max(most, held.length);
    });
    const nova = client({ maxConcurrent: 2, maxWaiting: 3 });
    const calls = Array.from({ length: 5 }, () => nova.feed.readHomeFeed());
    const controller = new AbortController();
    const surplus = failureOf(nova.feed.readHomeFeed({}, { signal: controller.signal }));
    expect(await surplus).toMatchObject({ code: 'client_overloaded', retryable: true, status: null });
    let answered = 0;
    while (answered < 5) {
      const release = held.shift();
      if (release === undefined) await new Promise(setImmediate);
      else {
        release();
        answered += 1;
      }
    }
    expect(await Promise.all(calls)).toHaveLength(5);
    expect(most).toBe(2);
  });

  test('who gives up waiting makes room', async () => {
    const held: (() => void)[] = [];
    server.plan((response, request) => {
      held.push(() => void ok(response, request));
    });
    const nova = client({ maxConcurrent: 1, maxWaiting: 1 });
    const first = nova.feed.readHomeFeed();
    const controller = new AbortController();
    const second = nova.feed.readHomeFeed({}, { signal: controller.signal });
    const turned = failureOf(nova.feed.readHomeFeed());
    expect((await turned).code).toBe('client_overloaded');
    controller.abort(new Error('no time'));
    await expect(second).rejects.toThrow('no time');
    const third = nova.feed.readHomeFeed();
    for (let answered = 0; answered < 2; ) {
      const release = held.shift();
      if (release === undefined) await new Promise(setImmediate);
      else {
        release();
        answered += 1;
      }
    }
    expect(await Promise.all([first, third])).toEqual([PAGE, PAGE]);
    expect(server.requests).toHaveLength(2);
  });
});

describe('answers that are kept', () => {
  test('are those of the same caller: the entity tag of one is not shown for another', async () => {
    server.plan((response, request) => {
      const body = { items: [], nextCursor: request.headers.authorization };
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end();
      else void answer(200, body, { etag: '"1"' })(response, request);
    });
    const nova = client({ revalidate: 10 });
    for (const token of ['a', 'b', 'a', 'b']) {
      expect((await nova.feed.readHomeFeed({}, { token })).nextCursor).toBe(`Bearer ${token}`);
    }
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      undefined,
      '"1"',
      '"1"',
    ]);
  });
});

describe('what is not understood', () => {
  test('a code of a newer server is told as such, with all that it said', async () => {
    server.plan(problem(418, 'invented_tomorrow', { retryable: false, detail: 'a teapot' }));
    const error = await failureOf(client().feed.readHomeFeed());
    expect(error).toMatchObject({ code: 'unknown_error', status: 418, problem: { code: 'invented_tomorrow' } });
    expect(error.message).toBe('invented_tomorrow: a teapot');
  });

  test('a list that gives the same cursor again is not followed for ever', async () => {
    server.plan(answer(200, { items: [1], nextCursor: 'same' }));
    const walk = async () => {
      for await (const _ of client().feed.readHomeFeed.all({}));
    };
    expect(await failureOf(walk())).toMatchObject({ code: 'invalid_response', retryable: false });
    expect(server.requests).toHaveLength(2);
  });

  test('an answer that is no page is none', async () => {
    server.plan(answer(200, { entries: [] }));
    expect(await failureOf(client().feed.readHomeFeed.all({}).next())).toMatchObject({ code: 'invalid_response' });
  });
});
