import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAddresses, readEmbeddedAddresses } from './fixtures/embedded-addresses.js';
import { Nova } from './fixtures/nova.js';
import { runNova, type Settings } from './fixtures/program.js';

/**
 * Row-level security is worth what the roles are worth (I8), and a start that may run out of connections is an outage
 * that waits (R1): Nova says so and does not start.
 */
describe('an external database that Nova cannot rely on', { timeout: 90_000 }, () => {
  /** Its PostgreSQL is the external one. */
  let nova: Nova;
  let addresses: EmbeddedAddresses;
  let superuser: Client;

  beforeAll(async () => {
    nova = await Nova.start();
    addresses = await readEmbeddedAddresses(nova.dataDir);
    superuser = new Client({ connectionString: addresses.superuser });
    await superuser.connect();
  });

  afterAll(async () => {
    await superuser?.end();
    await nova?.stop();
  });

  /** Starts Nova on the database; it must refuse. Gives what it said. */
  async function refusal(settings: Settings = {}, args: readonly string[] = []): Promise<string> {
    const { code, stdout, stderr } = await runNova(['start', ...args], {
      DATABASE_URL: addresses.app,
      DATABASE_OWNER_URL: addresses.owner,
      DATABASE_SYSTEM_URL: addresses.system,
      NOVA_SECRET_KEY: 'a secret key for this spec, long enough',
      NOVA_HTTP_PORT: '0',
      NOVA_ADMIN_PORT: '0',
      ...settings,
    });
    const said = `${stdout}\n${stderr}`;
    expect(code, said).toBe(1);
    expect(stderr, 'a message for a person').not.toMatch(/^\s+at /m);
    for (const secret of addresses.secrets) expect(said).not.toContain(secret);
    return stderr;
  }

  it.each([
    ['superuser', /nova_app .*superuser/],
    ['bypassrls', /nova_app .*bypasses row-level security/],
    ['createrole', /nova_app may create roles/],
  ])('refuses a nova_app with the right %s', async (right, words) => {
    await superuser.query(`alter role nova_app ${right}`);
    try {
      expect(await refusal()).toMatch(words);
    } finally {
      await superuser.query(`alter role nova_app no${right}`);
    }
  });

  it('refuses to serve as the owner of the schema', async () => {
    expect(await refusal({ DATABASE_URL: addresses.owner })).toContain('nova_owner');
  });

  it('refuses a table whose row-level security is off', async () => {
    await superuser.query('alter table nova.posts no force row level security');
    try {
      expect(await refusal()).toMatch(/posts.*row/is);
    } finally {
      await superuser.query('alter table nova.posts force row level security');
    }
  });

  it('refuses roles that are not there', async () => {
    const missing = new URL(addresses.app);
    missing.username = 'nova_missing';
    expect(await refusal({ DATABASE_URL: missing.toString() })).toContain('nova_missing');
  });

  it('refuses a server that is not there', async () => {
    const nowhere = 'postgres://nova_app:not-told@127.0.0.1:1/nova';
    const said = await refusal({ DATABASE_URL: nowhere, DATABASE_OWNER_URL: nowhere, DATABASE_SYSTEM_URL: nowhere });
    expect(said).toContain('127.0.0.1:1');
    expect(said).not.toContain('not-told');
  });

  it('refuses more processes than there are connections (R1)', async () => {
    const said = await refusal({}, ['--processes', '20']);
    expect(said).toMatch(/20 process\(es\) may open \d+ database connections, but the limit is \d+/);
    expect(await refusal({ NOVA_DATABASE_CONNECTION_LIMIT: '10' })).toContain('NOVA_DATABASE_CONNECTION_LIMIT');
  });

  it('says all at once', async () => {
    await superuser.query('alter role nova_app createrole');
    try {
      const said = await refusal({ NOVA_DATABASE_CONNECTION_LIMIT: '10' });
      expect(said).toContain('nova_app may create roles');
      expect(said).toContain('the limit is 10');
    } finally {
      await superuser.query('alter role nova_app nocreaterole');
    }
  });

  it('was only refused for these reasons: as it is, Nova starts on it, beside the one that runs', async () => {
    const beside = await Nova.start({
      settings: {
        DATABASE_URL: addresses.app,
        DATABASE_OWNER_URL: addresses.owner,
        DATABASE_SYSTEM_URL: addresses.system,
        NOVA_SECRET_KEY: 'a secret key for this spec, long enough',
      },
    });
    try {
      expect((await beside.client.request('GET', '/readyz')).status).toBe(200);
      await beside.stop();
    } finally {
      await beside.dispose();
    }
  });
});
