import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSocial, type Social } from '../../testing/social.js';

let social: Social;
let author: string;
let id: string;

beforeAll(async () => {
  social = await createSocial();
  [author] = (await social.addUsers(1)) as [string];
  ({ id } = await social.run<{ id: string }>(author, 'createPost', { body: 'first words' }));
});

beforeEach(() => {
  social.statements.length = 0;
});

afterAll(() => social?.close());

const bodyOf = async () => (await social.run<{ body: string }>(author, 'getPost', { postId: id })).body;
const loads = () => social.statements.filter((name) => name === 'content.postContents').length;

it('asks for the content of a post once for each version (C3)', async () => {
  expect(await bodyOf()).toBe('first words');
  expect(await bodyOf()).toBe('first words');
  expect(loads()).toBe(1);
});

/** Seeded bug that turns this red: contents kept by id alone. */
it('never answers an old version (I4)', async () => {
  for (const body of ['second words', 'third words']) {
    await bodyOf();
    await social.sql('update posts set body = $1, updated_at = now() where id = $2', [body, id]);
    expect(await bodyOf()).toBe(body);
  }
  expect(loads()).toBe(2);
});

/** Seeded bug that turns this red: contents kept by id and not by tenant: imports give the same ids to each. */
it('has nothing of another tenant (I8)', async () => {
  const tenantId = '01900000-0000-7000-8000-00000000000b';
  await social.sql(`insert into tenants (tenant_id, name, plan) values ($1, 'other', 'free')`, [tenantId]);
  await social.sql(
    `insert into users (tenant_id, id, handle, display_name) select $1, id, handle, display_name from users where id = $2`,
    [tenantId, author],
  );
  await social.sql(
    `insert into posts (tenant_id, id, author_id, body, visibility, created_at, updated_at)
     select $1, id, author_id, 'words of the other tenant', visibility, created_at, updated_at from posts where id = $2`,
    [tenantId, id],
  );
  const mine = await bodyOf();
  const scope = { ...social.scope(author), tenant: { id: tenantId, plan: 'free' as const } };
  const views = await social.content.viewPosts({ ...scope, db: social.database.read(tenantId) }, [id]);
  expect(views.map(({ stored }) => stored.fields().body)).toEqual(['words of the other tenant']);
  expect(await bodyOf()).toBe(mine);
});
