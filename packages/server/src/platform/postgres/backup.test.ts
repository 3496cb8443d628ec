import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BackupOptions, backup } from './backup.js';
import type { MigrationRecord } from './backup-format.js';
import { CopyIn, CopyOut } from './copy-protocol.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-server.js';
import { type RestoreOptions, restore } from './restore.js';

const MIGRATIONS: MigrationRecord[] = [
  { id: '1_first', checksum: 'aa' },
  { id: '2_second', checksum: 'bb' },
];

const SCHEMA = `
  CREATE SCHEMA nova;
  CREATE TABLE nova.migrations (id text PRIMARY KEY, checksum text NOT NULL);
  INSERT INTO nova.migrations VALUES ('1_first', 'aa'), ('2_second', 'bb');
  CREATE TABLE nova.plans (name text PRIMARY KEY, per_minute int);
  INSERT INTO nova.plans VALUES ('free', 100);
  CREATE TABLE nova.people (
    tenant_id uuid, id int GENERATED ALWAYS AS IDENTITY, "odd ""name" text, best_friend int,
    folded text GENERATED ALWAYS AS (lower("odd ""name")) STORED,
    bytes bytea, tags text[], facts jsonb, born timestamptz, score float8,
    PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, best_friend) REFERENCES nova.people);
  ALTER TABLE nova.people ENABLE ROW LEVEL SECURITY;
  ALTER TABLE nova.people FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON nova.people USING (tenant_id = current_setting('nova.tenant_id')::uuid);
  CREATE TABLE nova.views (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
  CREATE TABLE nova.views_default PARTITION OF nova.views DEFAULT;
  ALTER TABLE nova.views ENABLE ROW LEVEL SECURITY;
  ALTER TABLE nova.views FORCE ROW LEVEL SECURITY;
  CREATE TABLE nova.outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(), type text NOT NULL);
  CREATE TABLE nova.outbox_offsets (consumer text PRIMARY KEY, xid xid8 NOT NULL, id bigint NOT NULL);
  CREATE FUNCTION nova.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a trigger fired'; END $$;`;

/** The last step of the migrations: what must not disturb a restore. */
const TRIGGER = 'CREATE TRIGGER refuse BEFORE INSERT ON nova.people FOR EACH ROW EXECUTE FUNCTION nova.refuse()';

const TENANT = '00000000-0000-7000-8000-000000000001';
const ROWS = 30_000;
/** More different ids than a young cluster has used, far in the future of any test cluster. */
const EVENTS = 4_000;

const DATA = `
  ALTER TABLE nova.views DETACH PARTITION nova.views_default;
  CREATE TABLE nova.views_2026_01 PARTITION OF nova.views FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  ALTER TABLE nova.views ATTACH PARTITION nova.views_default DEFAULT;
  INSERT INTO nova.views SELECT '2026-01-05T00:00:00.123456Z', 'january' FROM generate_series(1, 10);
  INSERT INTO nova.views VALUES ('2020-01-01', 'default');
  INSERT INTO nova.people (tenant_id, "odd ""name", bytes, tags, facts, born, score)
    SELECT '${TENANT}', E'Zoë \\\\ ' || n || E'\\n\\t日本', decode('00ff5c2e', 'hex'), ARRAY['a,b', NULL, '"', '{}'],
           '{"k": [1, "\\n"]}', 'infinity', 0.1::float8 + n FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO nova.people (tenant_id, "odd ""name", score) VALUES ('${TENANT}', '', 'NaN'), ('${TENANT}', NULL, NULL),
    ('${TENANT}', E'\\\\.', '-Infinity');
  UPDATE nova.people SET best_friend = ${ROWS} WHERE id = 1;
  INSERT INTO nova.outbox (xid, type)
    SELECT (4000000000 + n * 10)::text::xid8, 'event ' || n FROM generate_series(${EVENTS}, 1, -1) AS n;
  INSERT INTO nova.outbox_offsets SELECT 'slow', xid, id FROM nova.outbox WHERE type = 'event 1000';
  INSERT INTO nova.outbox_offsets VALUES ('new', '0', 0);
  UPDATE nova.plans SET per_minute = 120;`;

const SECRET_KEY = 'the key that the deployment has drawn';

const TABLES = ['migrations', 'plans', 'people', 'views'];

let server: EmbeddedPostgres;
let directory: string;
let databases = 0;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'nova-backup-'));
  await chmod(directory, 0o755);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  server = await startEmbeddedPostgres({ dataDir: path.join(directory, 'pg'), maxConnections: 20, log });
  await run('postgres', (client) => client.query("CREATE ROLE plain LOGIN PASSWORD 'plain'"));
});

afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

async function run<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.superuserUrl(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(...scripts: string[]): Promise<string> {
  databases += 1;
  const name = `db${databases}`;
  await run('postgres', (client) => client.query(`CREATE DATABASE ${name}`));
  for (const script of scripts) await run(name, (client) => client.query(script));
  return name;
}

async function readMigrations(client: pg.ClientBase): Promise<MigrationRecord[]> {
  return (await client.query<MigrationRecord>('SELECT id, checksum FROM nova.migrations')).rows;
}

function backupOptions(database: string, target: string): BackupOptions {
  return {
    privilegedUrl: server.superuserUrl(database),
    target,
    novaVersion: '1.2.3',
    excludedTables: ['nova.migrations'],
    readMigrations,
    secretKey: SECRET_KEY,
  };
}

function restoreOptions(database: string, source: string): RestoreOptions {
  return {
    privilegedUrl: server.superuserUrl(database),
    source,
    readMigrations,
    migrate: async () => {
      await run(database, (client) => client.query(`${SCHEMA}; ${TRIGGER}`));
    },
    keepSecretKey: null,
  };
}

/** Every row of the tables as one digest a table. */
async function digests(database: string): Promise<Record<string, unknown>> {
  return run(database, async (client) => {
    const found: Record<string, unknown> = {};
    for (const table of TABLES) {
      const { rows } = await client.query<{ digest: string }>(
        `SELECT count(*) || md5(string_agg(t::text, '' ORDER BY t::text)) AS digest FROM nova.${table} AS t`,
      );
      found[table] = rows[0]?.digest;
    }
    return found;
  });
}

async function rowsOf(database: string, query: string): Promise<Record<string, unknown>[]> {
  return run(database, async (client) => (await client.query<Record<string, unknown>>(query)).rows);
}

describe('backup and restore', () => {
  let source: string;
  let made: string;
  let target: string;

  beforeAll(async () => {
    source = await createDatabase(SCHEMA, DATA);
    made = path.join(directory, 'backup');
    const manifest = await backup(backupOptions(source, made));
    expect(manifest.migrations).toEqual(MIGRATIONS);
    expect(manifest.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['outbox', EVENTS],
      ['outbox_offsets', 2],
      ['people', ROWS + 3],
      ['plans', 1],
      ['views', 11],
    ]);
  });

  beforeEach(async () => {
    target = await createDatabase();
  });

  it('brings every row back, with sequences, generated columns and partitions', async () => {
    const before = await digests(source);
    await restore(restoreOptions(target, made));
    expect(await digests(target)).toEqual(before);
    await run(target, (client) => client.query('DROP TRIGGER refuse ON nova.people'));
    expect(await rowsOf(target, `INSERT INTO nova.people (tenant_id) VALUES ('${TENANT}') RETURNING id`)).toEqual([
      { id: ROWS + 4 },
    ]);
    expect(
      await rowsOf(
        target,
        `SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced, reltuples::int AS rows
         FROM pg_class WHERE oid = 'nova.views_2026_01'::regclass`,
      ),
    ).toEqual([{ enabled: true, forced: true, rows: 10 }]);
  });

  it('keeps the order of events and every position in it, in the past of new transactions', async () => {
    await restore(restoreOptions(target, made));
    const order = 'SELECT type FROM nova.outbox ORDER BY xid, id';
    expect(await rowsOf(target, order)).toEqual(await rowsOf(source, order));
    const pending = `SELECT o.consumer, count(*)::int AS pending FROM nova.outbox_offsets o
      JOIN nova.outbox e ON (e.xid, e.id) > (o.xid, o.id)
      WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot()) GROUP BY 1 ORDER BY 1`;
    expect(await rowsOf(target, pending)).toEqual([
      { consumer: 'new', pending: EVENTS },
      { consumer: 'slow', pending: EVENTS - 1000 },
    ]);
    await run(target, (client) => client.query("INSERT INTO nova.outbox (type) VALUES ('later')"));
    expect((await rowsOf(target, order)).at(-1)).toEqual({ type: 'later' });
  });

  it('is one snapshot: what commits while it runs is not in it', async () => {
    const other = await createDatabase(SCHEMA);
    const options = backupOptions(other, path.join(directory, 'snapshot'));
    const manifest = await backup({
      ...options,
      readMigrations: async (client) => {
        const migrations = await readMigrations(client);
        await run(other, (writer) => writer.query("INSERT INTO nova.views VALUES (now(), 'during')"));
        return migrations;
      },
    });
    expect(manifest.tables.find(({ name }) => name === 'views')?.rows).toBe(0);
  });

  it('carries the secret key, for its owner only, and loads no row when it cannot be kept', async () => {
    expect((await stat(path.join(made, 'secret-key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(made, 'manifest.json'), 'utf8')).not.toContain(SECRET_KEY);
    const full = {
      ...restoreOptions(target, made),
      keepSecretKey: () => Promise.reject(new Error('the disk is full')),
    };
    await expect(restore(full)).rejects.toMatchObject({ code: 'restore_failed' });
    expect(await rowsOf(target, 'SELECT FROM nova.outbox LIMIT 1')).toEqual([]);
    const kept: string[] = [];
    const keepSecretKey = async (key: string): Promise<void> => {
      kept.push(key);
    };
    await restore({ ...restoreOptions(await createDatabase(), made), keepSecretKey });
    expect(kept).toEqual([SECRET_KEY]);
  });

  it('has no secret key where the operator keeps it', async () => {
    const without = path.join(directory, 'without-key');
    await backup({ ...backupOptions(await createDatabase(SCHEMA), without), secretKey: null });
    expect((await readdir(without)).sort()).toEqual(['data', 'manifest.json', 'manifest.json.sha256']);
    const keepSecretKey = () => Promise.reject(new Error('there is none'));
    await restore({ ...restoreOptions(target, without), keepSecretKey });
  });

  it.each(['data', 'manifest', 'key'])('finds a flipped byte in the %s before it writes anything', async (where) => {
    const damaged = path.join(directory, `damaged-${where}`);
    await backup(backupOptions(source, damaged));
    const [first] = await readdir(path.join(damaged, 'data'));
    const names: Record<string, string> = { data: `data/${first}`, manifest: 'manifest.json', key: 'secret-key' };
    const file = path.join(damaged, names[where] ?? '');
    const content = await readFile(file);
    const middle = Math.floor(content.length / 2);
    content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
    await writeFile(file, content);
    await expect(restore(restoreOptions(target, damaged))).rejects.toMatchObject({
      code: 'backup_corrupt',
      message: expect.stringContaining(path.basename(file)) as string,
    });
    expect(await rowsOf(target, "SELECT FROM pg_namespace WHERE nspname = 'nova'")).toEqual([]);
  });

  it('refuses a directory that is not a complete backup', async () => {
    await expect(restore(restoreOptions(target, path.join(made, 'data')))).rejects.toMatchObject({
      code: 'backup_unreadable',
    });
  });

  it('refuses a database that has rows', async () => {
    await expect(restore(restoreOptions(source, made))).rejects.toMatchObject({ code: 'restore_target_not_empty' });
  });

  it('refuses a schema that is not that of the backup', async () => {
    const options = restoreOptions(target, made);
    const later = async (): Promise<void> => {
      await run(target, (client) => client.query(`${SCHEMA}; ALTER TABLE nova.views ADD COLUMN later int`));
    };
    await expect(restore({ ...options, migrate: later })).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(
      restore({ ...restoreOptions(await createDatabase(), made), readMigrations: async () => [] }),
    ).rejects.toMatchObject({ code: 'schema_mismatch' });
  });

  it('loads all or nothing', async () => {
    const options = restoreOptions(target, made);
    const strict = async (): Promise<void> => {
      await run(target, (client) =>
        client.query(`${SCHEMA}; ALTER TABLE nova.people ADD CHECK (id <> ${Math.floor(ROWS / 2)})`),
      );
    };
    await expect(restore({ ...options, migrate: strict })).rejects.toMatchObject({ code: 'restore_failed' });
    expect(await rowsOf(target, 'SELECT (SELECT count(*)::int FROM nova.outbox) AS events')).toEqual([{ events: 0 }]);
    expect(await rowsOf(target, "SELECT to_regclass('nova.views_2026_01') AS partition")).toEqual([
      { partition: null },
    ]);
  });

  it('leaves nothing behind when it fails', async () => {
    const options = backupOptions(source, path.join(directory, 'failed'));
    await expect(
      backup({
        ...options,
        readMigrations: async (client) => {
          const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
          await run(source, (other) => other.query('SELECT pg_terminate_backend($1, 10000)', [rows[0]?.pid]));
          return [];
        },
      }),
    ).rejects.toMatchObject({ code: 'backup_failed' });
    await expect(backup(backupOptions(source, made))).rejects.toMatchObject({ code: 'backup_target_exists' });
    expect((await readdir(directory)).filter((name) => /failed|partial/.test(name))).toEqual([]);
  });

  it('refuses a role that row-level security applies to', async () => {
    const url = server.superuserUrl(source).replace(/\/\/[^@]*@/, '//plain:plain@');
    await expect(
      backup({ ...backupOptions(source, path.join(directory, 'plain')), privilegedUrl: url }),
    ).rejects.toMatchObject({ code: 'insufficient_privilege' });
  });
});

describe('copy streams', () => {
  it('leave a usable connection after a refused or abandoned COPY', async () => {
    await run('postgres', async (client) => {
      await expect(
        pipeline(Readable.from(['1\n']), client.query(new CopyIn('COPY nowhere FROM STDIN'))),
      ).rejects.toThrow(/nowhere/);
      await expect(client.query(new CopyOut('COPY nowhere TO STDOUT')).toArray()).rejects.toThrow(/nowhere/);
      await client.query('CREATE TEMPORARY TABLE numbers (n int)');
      const failing = Readable.from(
        (function* () {
          yield '1\n';
          throw new Error('source lost');
        })(),
      );
      await expect(pipeline(failing, client.query(new CopyIn('COPY numbers FROM STDIN')))).rejects.toThrow(
        'source lost',
      );
      await expect(
        pipeline(Readable.from(['1\n', 'x\n']), client.query(new CopyIn('COPY numbers FROM STDIN'))),
      ).rejects.toThrow(/integer/);
      const copied = client.query(new CopyIn('COPY numbers FROM STDIN'));
      await pipeline(Readable.from(['1\n2\n', '3\n']), copied);
      expect(copied.rows).toBe(3);
      expect((await client.query('SELECT sum(n)::int AS sum FROM numbers')).rows).toEqual([{ sum: 6 }]);
    });
  });
});
