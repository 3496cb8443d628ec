import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createSocial, type Social } from '../../testing/social.js';
import { insertManyLikes } from './queries/likes.js';

let social: Social;

beforeAll(async () => {
  social = await createSocial();
});

afterAll(() => social?.close());

// An import stores posts and then their likes, before autovacuum has looked at either table. A condition on
// `deleted_at` turns this red.
it('finds posts by their primary key in a table without statistics', async () => {
  await social.sql('alter table posts set (autovacuum_enabled = false)');
  const [author] = (await social.addUsers(1)) as [string];
  const createdAt = '2026-01-01T00:00:00Z';
  const posts = Array.from({ length: 4_000 }, () => newId());
  await social.database.transaction(social.tenantId, (tx) =>
    social.content.insertPosts(
      tx,
      posts.map((id) => ({
        id,
        authorId: author,
        body: 'new',
        imageName: null,
        language: null,
        visibility: 'public',
        createdAt,
      })),
    ),
  );
  const likes = posts.slice(0, 100);
  const values: Record<string, unknown> = {
    tenant: social.tenantId,
    postIds: likes,
    userIds: likes.map(() => author),
    createdAts: likes.map(() => createdAt),
  };
  const plan = await social.explain(
    insertManyLikes.text,
    insertManyLikes.order.map((name) => values[name]),
  );
  expect(plan).toContain('posts_pkey');
  expect(plan).not.toContain('posts_by_author');
});
