/**
 * Starts PostgreSQL and PgBouncer (transaction mode) from Debian's packages, privately: own data, own free ports, own
 * users; nothing of a service that runs already is touched. With a command after `--` it runs that command with the
 * addresses below in its environment and passes on its exit code; without one it prints the addresses and waits for
 * Ctrl-C. In both cases everything is stopped and removed afterwards.
 *
 *   node scripts/engines.mjs [--install] [-- command args...]
 *
 * `--install` fetches missing packages with apt-get (as root, or through sudo), Chromium for the tests of the web app
 * included.
 *
 * NOVA_TEST_DATABASE_URL          nova_app through PgBouncer
 * NOVA_TEST_DATABASE_DIRECT_URL   nova_app, direct
 * NOVA_TEST_DATABASE_OWNER_URL    nova_owner, direct
 * NOVA_TEST_DATABASE_SYSTEM_URL   nova_system, direct
 * NOVA_TEST_SUPERUSER_URL         postgres, direct
 * NOVA_TEST_PREPARED_STATEMENTS   `false`: PgBouncer before 1.21 breaks named statements
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVICE_USER = 'postgres';
const DATABASE = 'nova';
const CONNECT_DEADLINE_MS = 30_000;
const isRoot = process.getuid?.() === 0;

/** @param {string[]} command @param {{ user?: string, input?: string, env?: NodeJS.ProcessEnv }} [options] */
function must(command, { user, input, env } = {}) {
  const [program = '', ...args] = isRoot && user ? ['runuser', '-u', user, '--', ...command] : command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd: tmpdir(),
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** The newest PostgreSQL server of Debian's layout. */
function postgresBin() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  const versions = readdirSync(base).filter((version) => existsSync(join(base, version, 'bin', 'initdb')));
  versions.sort((a, b) => Number(b) - Number(a));
  return versions[0] === undefined ? undefined : join(base, versions[0], 'bin');
}

function pgbouncerBin() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file));
}

/** For the tests of the web app, which look for it on the path. */
function hasChromium() {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'chromium')));
}

function install() {
  const packages = [
    ...(postgresBin() ? [] : ['postgresql']),
    ...(pgbouncerBin() ? [] : ['pgbouncer']),
    ...(hasChromium() ? [] : ['chromium']),
  ];
  if (packages.length === 0) return;
  console.log(`Installing ${packages.join(' and ')} ...`);
  const sudo = isRoot ? [] : ['sudo', '-n'];
  // RUNLEVEL=1 keeps the packages from starting services of their own.
  const quiet = [
    'env',
    'RUNLEVEL=1',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=120',
  ];
  must([...sudo, ...quiet, 'update']);
  must([...sudo, ...quiet, 'install', '--yes', '--no-install-recommends', ...packages]);
}

/** @returns {Promise<number>} a port that was free a moment ago */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** @param {string} file for its owner and the service user only @param {string} text */
function writePrivate(file, text) {
  writeFileSync(file, text, { mode: 0o600 });
  if (isRoot) must(['chown', SERVICE_USER, file]);
}

/**
 * @typedef {{ bin: string, data: string, port: number, password: string, log: string }} Cluster
 * @param {Cluster} cluster
 */
function startPostgres({ bin, data, port, password, log }) {
  const passwordFile = `${data}.password`;
  writePrivate(passwordFile, password);
  const initdb = [join(bin, 'initdb'), '-D', data, '-U', 'postgres', '--pwfile', passwordFile, '--auth=scram-sha-256'];
  must([...initdb, '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'], { user: SERVICE_USER });
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=120',
    'shared_preload_libraries=pg_stat_statements',
    'jit=off',
  ];
  const options = settings.map((setting) => `-c ${setting}`).join(' ');
  must([join(bin, 'pg_ctl'), '-D', data, '-l', log, '-w', '-t', '60', '-o', options, 'start'], { user: SERVICE_USER });
}

/** @param {Cluster} cluster @param {string} sql @param {Record<string, string>} variables for the script */
function psql({ bin, port, password }, sql, variables) {
  const target = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', 'postgres'];
  const values = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  must([join(bin, 'psql'), '-X', '-q', ...values, ...target], { input: sql, env: { PGPASSWORD: password } });
}

/** @param {Cluster} cluster @param {string} url */
async function waitForConnection({ bin }, url) {
  const deadline = Date.now() + CONNECT_DEADLINE_MS;
  for (;;) {
    const { status, stderr } = spawnSync(join(bin, 'psql'), ['-X', '-q', '-c', 'select 1', url], { encoding: 'utf8' });
    if (status === 0) return;
    if (Date.now() > deadline) throw new Error(`no connection within ${CONNECT_DEADLINE_MS} ms: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * @param {string} folder owned by the service user
 * @param {(() => void | Promise<void>)[]} onStop filled with what undoes each step
 * @returns {Promise<Record<string, string>>} the environment for the tests
 */
async function start(folder, onStop) {
  const bin = postgresBin();
  const pgbouncer = pgbouncerBin();
  if (!bin || !pgbouncer) {
    throw new Error(
      'PostgreSQL or PgBouncer is not installed: run with --install, or apt-get install postgresql pgbouncer',
    );
  }
  const password = () => randomBytes(12).toString('hex');
  const passwords = { postgres: password(), nova_owner: password(), nova_app: password(), nova_system: password() };

  const cluster = {
    bin,
    data: join(folder, 'data'),
    port: await freePort(),
    password: passwords.postgres,
    log: join(folder, 'postgres.log'),
  };
  onStop.push(() => {
    if (!existsSync(join(cluster.data, 'postmaster.pid'))) return;
    must([join(bin, 'pg_ctl'), '-D', cluster.data, '-m', 'immediate', '-w', 'stop'], { user: SERVICE_USER });
  });
  startPostgres(cluster);
  const bootstrap = new URL('../packages/server/dist/platform/roles/bootstrap-script.js', import.meta.url);
  const { renderBootstrapSql } = await import(bootstrap.href);
  psql(cluster, renderBootstrapSql(), {
    database: DATABASE,
    owner_password: passwords.nova_owner,
    app_password: passwords.nova_app,
    system_password: passwords.nova_system,
  });

  const bouncerPort = await freePort();
  const users = join(folder, 'pgbouncer-users.txt');
  const settings = join(folder, 'pgbouncer.ini');
  writePrivate(
    users,
    Object.entries(passwords)
      .map(([user, secret]) => `"${user}" "${secret}"\n`)
      .join(''),
  );
  writePrivate(
    settings,
    `[databases]
* = host=127.0.0.1 port=${cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${bouncerPort}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 10
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
logfile = ${join(folder, 'pgbouncer.log')}
pidfile = ${join(folder, 'pgbouncer.pid')}
`,
  );
  const [program = '', ...args] = [...(isRoot ? ['runuser', '-u', SERVICE_USER, '--'] : []), pgbouncer, '-q', settings];
  const bouncer = spawn(program, args, { stdio: 'ignore', cwd: tmpdir() });
  const bouncerEnded = new Promise((resolve) => bouncer.once('close', resolve));
  onStop.push(async () => {
    // runuser does not pass on the signals that it gets, so ask PgBouncer itself: SIGTERM is its immediate shutdown.
    const pidFile = join(folder, 'pgbouncer.pid');
    if (bouncer.exitCode === null && existsSync(pidFile))
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
    else bouncer.kill();
    await bouncerEnded;
  });

  /** @param {keyof typeof passwords} user @param {number} port */
  const url = (user, port) => `postgres://${user}:${passwords[user]}@127.0.0.1:${port}/${DATABASE}`;
  await waitForConnection(cluster, url('nova_app', bouncerPort));
  return {
    NOVA_TEST_DATABASE_URL: url('nova_app', bouncerPort),
    NOVA_TEST_DATABASE_DIRECT_URL: url('nova_app', cluster.port),
    NOVA_TEST_DATABASE_OWNER_URL: url('nova_owner', cluster.port),
    NOVA_TEST_DATABASE_SYSTEM_URL: url('nova_system', cluster.port),
    NOVA_TEST_SUPERUSER_URL: url('postgres', cluster.port),
    NOVA_TEST_PREPARED_STATEMENTS: 'false',
  };
}

/**
 * @param {string[]} command
 * @param {Record<string, string>} environment
 * @param {AbortSignal} interrupted
 * @returns {Promise<number>} its exit code
 */
function runCommand([program = '', ...args], environment, interrupted) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    interrupted.addEventListener('abort', () => child.kill());
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** @param {Record<string, string>} environment @param {AbortSignal} interrupted @returns {Promise<number>} */
function waitForInterrupt(environment, interrupted) {
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}='${value}'`);
  console.log('# running; Ctrl-C stops and removes everything');
  return new Promise((resolve) => {
    const idle = setInterval(() => {}, 60_000);
    interrupted.addEventListener('abort', () => {
      clearInterval(idle);
      resolve(0);
    });
  });
}

const separator = process.argv.indexOf('--');
const options = process.argv.slice(2, separator === -1 ? undefined : separator);
const command = separator === -1 ? [] : process.argv.slice(separator + 1);
if (options.includes('--install')) install();
// The roles are made by the script that Nova gives to operators, so Nova must be built.
must([process.execPath, fileURLToPath(new URL('setup.mjs', import.meta.url))]);

// From here on a signal must not end the process before it has cleaned up.
const interruption = new AbortController();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => interruption.abort());

const folder = mkdtempSync(join(tmpdir(), 'nova-engines-'));
chmodSync(folder, 0o755);
/** @type {(() => void | Promise<void>)[]} */
const onStop = [() => rmSync(folder, { recursive: true, force: true })];
try {
  if (isRoot) must(['chown', SERVICE_USER, folder]);
  const environment = await start(folder, onStop);
  const { signal } = interruption;
  if (signal.aborted) process.exitCode = 1;
  else if (command.length > 0) process.exitCode = await runCommand(command, environment, signal);
  else process.exitCode = await waitForInterrupt(environment, signal);
} finally {
  for (const stop of onStop.reverse()) {
    try {
      await stop();
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    }
  }
}
