import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../server/src/testing/test-app.js';
import { createNova, isNovaError, type Post } from './index.js';
import {
  cutAnswer,
  drop,
  forward,
  loseAnswer,
  problem,
  startUnrulyServer,
  text,
  type UnrulyServer,
} from './testing/unruly-server.js';

let app: TestApp;
let server: UnrulyServer;

beforeAll(async () => {
  app = await startTestApp();
  server = await startUnrulyServer();
});
afterAll(async () => {
  await server.close();
  await app.close();
});

const MAX_ATTEMPTS = 4;

// I3 as an app sees it. Seeded bug that turns this red: a new Idempotency-Key for each attempt.
test('a write has one effect, whatever happens to its answers', async () => {
  const { token, id: userId } = await app.signUp('writer');
  const nova = createNova({ baseUrl: server.url, token, retry: { maxAttempts: MAX_ATTEMPTS, baseDelayMs: 1 } });
  const direct = createNova({ baseUrl: app.url, token });
  const trouble = {
    dropped: drop,
    lost: loseAnswer(app.url),
    cut: cutAnswer(app.url),
    refused: problem(503, 'unavailable'),
    garbled: text(502, 'text/html', 'Bad gateway'),
  };
  type Trouble = keyof typeof trouble;
  const arrives = (kind: Trouble): boolean => kind === 'lost' || kind === 'cut';
  let written = 0;

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Trouble>('dropped', 'lost', 'cut', 'refused', 'garbled'), { maxLength: 5 }),
      async (troubles) => {
        written += 1;
        const body = `number ${written}`;
        server.plan(...troubles.map((kind) => trouble[kind]), forward(app.url));
        const outcome = await nova.content.createPost({ body }).catch((error: unknown) => {
          if (isNovaError(error)) return null;
          throw error;
        });
        expect(server.requests).toHaveLength(Math.min(troubles.length + 1, MAX_ATTEMPTS));
        const posts: Post[] = [];
        for await (const post of direct.content.listPostsByAuthor.all({ userId, limit: 100 })) {
          if (post.body === body) posts.push(post);
        }
        const tried = troubles.slice(0, MAX_ATTEMPTS);
        expect(outcome === null).toBe(tried.length === MAX_ATTEMPTS);
        expect(posts).toHaveLength(outcome !== null || tried.some(arrives) ? 1 : 0);
        if (outcome !== null) expect(posts[0]?.id).toBe(outcome.id);
      },
    ),
    { numRuns: 40 },
  );
});
