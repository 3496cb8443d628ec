import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPost, type Post, signUp } from './fixtures/members.js';
import { Nova } from './fixtures/nova.js';
import { runNova, type Settings } from './fixtures/program.js';
import { makeTemporaryDirectory, removeDirectory } from './fixtures/temporary-directory.js';

let directory: string;

beforeAll(async () => {
  directory = await makeTemporaryDirectory();
});

afterAll(async () => {
  await removeDirectory(directory);
});

function on(dataDir: string): Settings {
  return { NOVA_DATABASE_DATA_DIR: dataDir };
}

function place(name: string): string {
  return path.join(directory, name);
}

async function keptKey(dataDir: string): Promise<string> {
  const kept = JSON.parse(await readFile(path.join(dataDir, 'nova-secrets.json'), 'utf8')) as { secretKey: string };
  return kept.secretKey;
}

describe('the secret key of an embedded deployment', { timeout: 120_000 }, () => {
  // Turned red by a backup without the key: the retry is a 409, the cursor a 400.
  it('comes back with a backup, so that retries and cursors of before go on', async () => {
    const first = await Nova.start({ dataDir: place('first') });
    const member = await signUp(first.client);
    await createPost(first.client, member, 'older');
    const call = { token: member.token, body: { body: 'said once' }, idempotencyKey: 'before the backup' };
    const said = await first.client.expect<Post>(201, 'POST', '/posts', call);
    const posts = `/users/${member.id}/posts?limit=1`;
    const { nextCursor } = await first.client.expect<{ nextCursor: string }>(200, 'GET', posts);
    expect(await runNova(['backup', place('backup')], on(first.dataDir))).toMatchObject({ code: 0 });
    await first.stop();
    expect((await stat(path.join(place('backup'), 'secret-key'))).mode & 0o777).toBe(0o600);

    expect(await runNova(['restore', place('backup')], on(place('second')))).toMatchObject({ code: 0 });
    const second = await Nova.start({ dataDir: place('second') });
    try {
      expect(await second.client.expect<Post>(201, 'POST', '/posts', call)).toEqual(said);
      const next = `${posts}&cursor=${encodeURIComponent(nextCursor)}`;
      const { items } = await second.client.expect<{ items: Post[] }>(200, 'GET', next);
      expect(items.map(({ body }) => body)).toEqual(['older']);
      await second.stop();
    } finally {
      await second.dispose();
    }
  });

  it('stays as it is where NOVA_SECRET_KEY is set, and is not in a backup made there', async () => {
    const third = { ...on(place('third')), NOVA_SECRET_KEY: 'the key that the operator of this one keeps' };
    expect(await runNova(['restore', place('backup')], third)).toMatchObject({ code: 0 });
    expect(await keptKey(place('third'))).not.toBe(await keptKey(place('first')));
    expect(await runNova(['backup', place('without')], third)).toMatchObject({ code: 0 });
    await expect(stat(path.join(place('without'), 'secret-key'))).rejects.toThrow('ENOENT');
  });

  it.each(['', '{"ownerPassword":"half of i', '{}'])('asks for help when its file holds %j', async (content) => {
    const file = path.join(place('first'), 'nova-secrets.json');
    await writeFile(file, content);
    const { code, stderr } = await runNova(['migrate', 'status'], on(place('first')));
    expect(code).toBe(1);
    expect(stderr).toContain(file);
    expect(stderr).not.toMatch(/^\s+at /m);
    await rm(file);
    expect(await runNova(['migrate', 'status'], on(place('first')))).toMatchObject({ code: 0 });
  });
});
