import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateBinaries } from './binaries.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-server.js';
import { processStartTime } from './process-identity.js';

const asRoot = process.geteuid?.() === 0;

let parent: string;
let dataDir: string;
let servers: EmbeddedPostgres[];
let warnings: string[];

beforeEach(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'nova-embedded-'));
  await chmod(parent, 0o755);
  dataDir = path.join(parent, 'data');
  servers = [];
  warnings = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(parent, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir,
    maxConnections: 20,
    sharedBuffersMb: 32,
    log: {
      info: () => undefined,
      warn: (_fields, message) => warnings.push(message),
      error: (_fields, message) => warnings.push(message),
    },
    ...options,
  });
  servers.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.superuserUrl(database) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(20);
  }
}

describe('startEmbeddedPostgres', () => {
  it('makes a cluster with the promised settings and keeps its data over a restart', async () => {
    const server = await start();
    const [settings] = await query(
      server,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('data_checksums') AS checksums,
              current_setting('fsync') AS fsync, current_setting('jit') AS jit, current_setting('wal_level') AS wal,
              current_setting('listen_addresses') AS address, current_setting('TimeZone') AS zone,
              current_setting('max_connections') AS connections, current_setting('track_io_timing') AS io,
              current_setting('unix_socket_directories') AS sockets, current_setting('server_encoding') AS encoding,
              (SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'template1') AS locale,
              lower('CAFÉ') AS folded`,
    );
    expect(settings).toEqual({
      major: 18,
      checksums: 'on',
      fsync: 'on',
      jit: 'off',
      wal: 'replica',
      address: '127.0.0.1',
      zone: 'UTC',
      connections: '20',
      io: 'on',
      sockets: '',
      encoding: 'UTF8',
      locale: 'b C.UTF-8',
      folded: 'café',
    });
    await query(server, 'CREATE EXTENSION pg_stat_statements');
    expect(await query(server, 'SELECT count(*) > 0 AS counted FROM pg_stat_statements')).toEqual([{ counted: true }]);
    await query(server, 'CREATE DATABASE "with space"');
    await query(server, 'CREATE TABLE kept AS SELECT 1 AS n', 'with space');
    await server.stop();
    await server.stop();
    expect(await processStartTime(server.pid)).toBeUndefined();
    const again = await start();
    expect(await query(again, 'SELECT n FROM kept', 'with space')).toEqual([{ n: 1 }]);
  });

  it('keeps the superuser password in a file that nobody else can read, and out of the log', async () => {
    const server = await start();
    const file = path.join(server.dataDir, 'superuser-password');
    const password = (await readFile(file, 'utf8')).trim();
    expect(password).toHaveLength(43);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(server.dataDir, 'postgres.log'), 'utf8')).not.toContain(password);
    const wrong = new pg.Client({
      connectionString: server.superuserUrl('postgres').replace(/:[^:@]*@/, ':wrong@'),
    });
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('sets the superuser password anew when its file was lost, and names a wrong one', async () => {
    const server = await start();
    await query(server, 'CREATE TABLE kept ()');
    await server.stop();
    const file = path.join(server.dataDir, 'superuser-password');
    await writeFile(file, 'wrong\n');
    await expect(start()).rejects.toMatchObject({ code: 'superuser_password_mismatch' });
    await unlink(file);
    expect(await query(await start(), 'SELECT * FROM kept')).toEqual([]);
  });

  it('starts again a server that was killed, on the same port, with what was committed', async () => {
    const exits: unknown[] = [];
    const restarts: number[] = [];
    const server = await start({
      onExit: (exit) => exits.push(exit),
      onRestart: ({ pid }) => restarts.push(pid),
    });
    const { pid, port } = server;
    await query(server, 'CREATE TABLE kept AS SELECT 1 AS n');
    process.kill(pid, 'SIGKILL');
    await until(() => restarts.length === 1, 'the first restart');
    expect(exits).toEqual([{ pid, code: null, signal: 'SIGKILL' }]);
    expect(server.port).toBe(port);
    expect(server.pid).toBe(restarts[0]);
    expect(server.pid).not.toBe(pid);
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    process.kill(server.pid, 'SIGKILL');
    await until(() => restarts.length === 2, 'the second restart');
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('starts again at once although a backend of the killed server goes on computing', async () => {
    const restarts: number[] = [];
    const server = await start({ onRestart: ({ attempts }) => restarts.push(attempts) });
    const client = new pg.Client({ connectionString: server.superuserUrl('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    const computing = client.query('SELECT sum(sqrt(n)) FROM generate_series(1, 1e9::bigint) AS n');
    const refused = expect(computing).rejects.toThrow();
    const active = "SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1, 1e9%'";
    await until(async () => (await query(server, active)).length > 1, 'the computation');
    process.kill(server.pid, 'SIGKILL');
    await until(() => restarts.length === 1, 'the restart');
    expect(restarts).toEqual([1]);
    await refused;
    await client.end();
  });

  it('stops for good even while it is being started again', async () => {
    let exited = false;
    const server = await start({
      onExit: () => {
        exited = true;
      },
    });
    process.kill(server.pid, 'SIGKILL');
    await until(() => exited, 'the exit');
    await server.stop();
    await expect(query(server, 'SELECT 1')).rejects.toThrow();
    expect(await readdir(server.dataDir)).not.toContain('nova.lock');
    await start();
  });

  it('ends a server that a killed Nova left running, and starts on its data', async () => {
    const orphan = await startInProcessAndKill();
    expect(await processStartTime(orphan)).toBeDefined();
    const server = await start();
    expect(await processStartTime(orphan)).toBeUndefined();
    expect(warnings).toEqual(['stopped the PostgreSQL server of an earlier process']);
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('makes a cluster after an interrupted attempt', async () => {
    await mkdir(path.join(dataDir, 'postgres.partial-1'), { recursive: true, mode: 0o755 });
    await chmod(dataDir, 0o755);
    await writeFile(path.join(dataDir, 'postgres.partial-1', 'PG_VERSION'), '18\n');
    const server = await start();
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await readdir(dataDir)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('refuses a data directory that is in use, naming the process', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'directory_in_use', pid: process.pid });
  });

  it('refuses a cluster of another major version, and leaves it as it is', async () => {
    await (await start()).stop();
    const file = path.join(dataDir, 'postgres', 'PG_VERSION');
    await writeFile(file, '17\n');
    await expect(start()).rejects.toMatchObject({
      code: 'foreign_major_version',
      message: expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18.*nova backup.*nova restore/s) as string,
    });
    expect(await readFile(file, 'utf8')).toBe('17\n');
    await writeFile(file, '18\n');
    await start();
  });

  it('says when a port of the user is taken, and takes another itself when free to choose', async () => {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(start({ port })).rejects.toMatchObject({ code: 'port_in_use' });
      expect((await start()).port).not.toBe(port);
    } finally {
      listener.close();
    }
  });

  it('starts from programs whose library links were never made, in a place closed to the service user', async () => {
    const packageDirectory = path.join(parent, 'private', 'package');
    await cp(path.dirname(locateBinaries()), packageDirectory, { recursive: true, verbatimSymlinks: true });
    const library = path.join(packageDirectory, 'native', 'lib');
    for (const entry of await readdir(library, { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await unlink(path.join(library, entry.name));
    }
    await chmod(path.join(parent, 'private'), 0o700);
    const server = await start({ binariesDir: path.join(packageDirectory, 'native') });
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    if (!asRoot) expect(await readlink(path.join(library, 'libpq.so.5'))).toMatch(/^libpq\.so\.5\./);
    else expect(await readdir(path.join(server.dataDir, 'postgres-binaries'))).toHaveLength(1);
  });

  it.runIf(asRoot)('names the directory that the service user cannot enter', async () => {
    const closed = path.join(parent, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(start({ dataDir: path.join(closed, 'data') })).rejects.toMatchObject({
      code: 'directory_not_reachable',
      message: expect.stringContaining(`chmod o+x ${closed}`) as string,
    });
  });

  it.runIf(asRoot)('runs as an unprivileged user when Nova is root', async () => {
    const server = await start();
    expect((await stat(path.join(server.dataDir, 'postgres'))).uid).not.toBe(0);
    expect((await stat(`/proc/${server.pid}`)).uid).toBe((await stat(path.join(server.dataDir, 'postgres'))).uid);
  });
});

/** A Nova of its own that writes a row and is killed. Returns the process id of the PostgreSQL it leaves behind. */
async function startInProcessAndKill(): Promise<number> {
  const door = new URL('./embedded-server.ts', import.meta.url).href;
  const loader = new URL('../../testing/typescript-loader.mjs', import.meta.url).href;
  const script = `
    import pg from 'pg';
    import { startEmbeddedPostgres } from ${JSON.stringify(door)};
    const log = { info() {}, warn() {}, error() {} };
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, maxConnections: 20, log });
    const client = new pg.Client({ connectionString: server.superuserUrl('postgres') });
    await client.connect();
    await client.query('CREATE TABLE kept AS SELECT 1 AS n');
    console.log('pid ' + server.pid);`;
  const nova = spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', script], {
    cwd: path.dirname(fileURLToPath(import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  nova.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const exited = new Promise((resolve) => nova.once('exit', resolve));
  try {
    await until(() => /pid \d+/.test(output), 'the other process');
  } finally {
    nova.kill('SIGKILL');
    await exited;
  }
  return Number(/pid (\d+)/.exec(output)?.[1]);
}
