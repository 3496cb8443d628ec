import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './fixtures/eventually.js';
import { createPost, type Post, signUp, type User, type UserProfile } from './fixtures/members.js';
import { Nova } from './fixtures/nova.js';
import { takePort } from './fixtures/ports.js';
import { type Finished, runNova, type Settings } from './fixtures/program.js';
import { makeTemporaryDirectory, removeDirectory } from './fixtures/temporary-directory.js';

/** What else commonly runs on a developer's machine, and Nova's own ports. */
const COMMON_PORTS = [3000, 4000, 4001, 5432, 8080];

/** A refusal is one message for a person: no stack. */
function expectRefusal({ code, stdout, stderr }: Finished): string {
  expect(code, `${stdout}\n${stderr}`).toBe(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).not.toContain('Nova is ready');
  return stderr;
}

describe('the demo', () => {
  let directory: string;
  let first: Nova;
  let second: Nova;
  const giveBack: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    for (const port of COMMON_PORTS) giveBack.push(await takePort(port));
    // Empty counts as not set: the ports are the usual ones, as for a newcomer.
    const settings = { NOVA_HTTP_PORT: '', NOVA_ADMIN_PORT: '', NOVA_LOG_LEVEL: '' };
    const start = (name: string, ...args: string[]) =>
      Nova.start({ args: ['--demo', ...args], settings, dataDir: directory, clusterDir: path.join(directory, name) });
    first = await start('demo');
    second = await start('demo-2', '--processes', '2');
  }, 120_000);

  afterAll(async () => {
    await second?.stop();
    await first?.stop();
    for (const give of giveBack) await give();
    await removeDirectory(directory);
  });

  it('starts although all usual ports are taken, and says where it is', () => {
    for (const { url, adminUrls, stdout } of [first, second]) {
      for (const address of [url, ...adminUrls]) {
        expect(COMMON_PORTS).not.toContain(Number(new URL(address).port));
        expect(stdout).toContain(address);
      }
    }
    expect(new Set([first.url, second.url, ...first.adminUrls, ...second.adminUrls]).size).toBe(5);
    // Not in the words of a log, from whichever process.
    for (const { stdout } of [first, second]) expect(stdout).not.toMatch(/^\{/m);
  });

  it('shows a community to the account that it names', async () => {
    for (const { client, stdout } of [first, second]) {
      const [, login = '', password = ''] = /Demo sign-in: (\S+) \/ (\S+)/.exec(stdout) ?? [];
      const { token } = await client.expect<{ token: string }>(201, 'POST', '/sessions', { body: { login, password } });
      const { items } = await client.expect<{ items: Post[] }>(200, 'GET', '/feed?limit=20', { token });
      expect(items).toHaveLength(20);
    }
  });

  it('keeps two that run side by side in one clone apart', async () => {
    const member = await signUp(first.client);
    await createPost(first.client, member, 'only here #onlyhere');
    expect((await first.client.api('GET', `/users/${member.id}`)).status).toBe(200);
    expect((await second.client.api('GET', `/users/${member.id}`)).status).toBe(404);
    expect((await second.client.api('GET', '/me', { token: member.token })).status).toBe(401);
  });

  it('is backed up while it runs, and restored gives the same answers', async () => {
    const target = path.join(directory, 'backup');
    const running: Settings = { NOVA_DATABASE_DATA_DIR: path.join(directory, 'demo') };
    const member = await signUp(first.client);
    const post = await createPost(first.client, member, 'to be kept #kept');
    await first.client.expect(200, 'PUT', `/posts/${post.id}/like`, { token: member.token });
    const { items: some } = await first.client.expect<{ items: Post[] }>(200, 'GET', '/hashtags/kept/posts');
    expect(some.map(({ id }) => id)).toContain(post.id);
    await eventually('the hashtag is counted', async () => {
      const { posts } = await first.client.expect<{ posts: number }>(200, 'GET', '/hashtags/kept');
      return posts === 1;
    });
    const before = await answersOf(first, member.id, member.token);

    expect(await runNova(['backup', target], running)).toMatchObject({ code: 0 });
    expect(expectRefusal(await runNova(['backup', target], running))).toContain(target);
    // After the backup: must not be in it.
    const later = await createPost(first.client, member, 'too late');
    expect(expectRefusal(await runNova(['restore', target], running))).toMatch(/stop the running Nova/);

    const dataDir = path.join(directory, 'restored');
    const fresh: Settings = { NOVA_DATABASE_DATA_DIR: dataDir };
    expect(await runNova(['restore', target], fresh)).toMatchObject({ code: 0 });
    expectRefusal(await runNova(['restore', target], fresh));
    const restored = await Nova.start({ dataDir });
    try {
      expect(await answersOf(restored, member.id, member.token)).toEqual(before);
      expect((await restored.client.api('GET', `/posts/${later.id}`)).status).toBe(404);
      await createPost(restored.client, member, 'life goes on #kept');
      await eventually('its outbox goes on', async () => {
        const { posts } = await restored.client.expect<{ posts: number }>(200, 'GET', '/hashtags/kept');
        return posts === 2;
      });
      await restored.stop();
    } finally {
      await restored.dispose();
    }
  }, 120_000);

  it('tells its migrations while it runs', async () => {
    const { code, stdout } = await runNova(['migrate', 'status'], {
      NOVA_DATABASE_DATA_DIR: path.join(directory, 'demo'),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d{14}\s+\S+\s+\d{4}-\d\d-\d\dT/m);
    expect(stdout).not.toContain('pending');
  });
});

/** What a person sees here and there, over the whole product. */
async function answersOf({ client }: Nova, userId: string, token: string): Promise<unknown> {
  const { items: feed } = await client.expect<{ items: Post[] }>(200, 'GET', '/feed?limit=50', { token });
  const liked = await client.list<Post>('/hashtags/kept/posts', { token });
  const authors = await client.list<User>(`/users/${userId}/following`, { token });
  return {
    feed,
    liked,
    authors,
    me: await client.expect(200, 'GET', '/me', { token }),
    profile: await client.expect<UserProfile>(200, 'GET', `/users/${userId}`),
    posts: await client.list<Post>(`/users/${userId}/posts`),
    likers: await Promise.all(liked.map(({ id }) => client.list<User>(`/posts/${id}/likes`))),
    hashtag: await client.expect(200, 'GET', '/hashtags/kept'),
    sessions: await client.list('/sessions', { token }),
  };
}

describe('a start that cannot succeed', { timeout: 90_000 }, () => {
  let nova: Nova;

  beforeAll(async () => {
    nova = await Nova.start();
  });

  afterAll(async () => {
    await nova?.stop();
  });

  it('names the process that has the data directory', async () => {
    const said = expectRefusal(
      await runNova(['start'], { NOVA_DATABASE_DATA_DIR: nova.dataDir, NOVA_HTTP_PORT: '0', NOVA_ADMIN_PORT: '0' }),
    );
    expect(said).toContain(nova.dataDir);
    expect(said).toMatch(new RegExp(`\\b${nova.pid}\\b`));
    expect((await nova.client.request('GET', '/readyz')).status).toBe(200);
  });

  it('lists everything that is wrong with the configuration, and no secret', async () => {
    const secrets = ['hunter2-hunter2', 'tooshort'];
    const said = expectRefusal(
      await runNova(['start'], {
        NOVA_HTTP_PORT: '99999',
        NOVA_PROCESSES: 'many',
        NOVA_LOG_LEVEL: 'loud',
        NOVA_HTP_HOST: 'localhost',
        NOVA_SECRET_KEY: 'tooshort',
        DATABASE_URL: 'mysql://root:hunter2-hunter2@127.0.0.1/nova',
      }),
    );
    for (const name of [
      'NOVA_HTTP_PORT',
      'NOVA_PROCESSES',
      'NOVA_LOG_LEVEL',
      'NOVA_HTP_HOST',
      'NOVA_SECRET_KEY',
      'DATABASE_URL',
    ]) {
      expect(said).toContain(name);
    }
    expect(said).toMatch(/NOVA_HTTP_HOST\?/);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it('says which settings an external database needs besides', async () => {
    const said = expectRefusal(await runNova(['start'], { DATABASE_URL: 'postgres://nova_app:x@127.0.0.1:1/nova' }));
    expect(said).toContain('DATABASE_SYSTEM_URL');
    expect(said).toContain('NOVA_SECRET_KEY');
  });

  it('refuses a command that there is not', async () => {
    const { code } = await runNova(['strat']);
    expect(code).not.toBe(0);
  });
});
