import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/index.js';
import { connectionBudget } from '../platform/db/index.js';
import { DataDirectoryInUse, defaultDataDirectory, startEmbeddedPostgres } from '../platform/postgres/index.js';
import { bootstrapDatabase, urlOfDatabase } from '../platform/roles/index.js';
import type { Logger } from '../platform/telemetry/index.js';
import { UsageError } from './usage-error.js';

/** The addresses of one database, one for each role and way of reaching it. */
export interface DatabaseAddresses {
  /** nova_app; may go through a pooler. */
  readonly app: string;
  /** nova_app without a pooler, for LISTEN. */
  readonly direct: string;
  readonly owner: string;
  readonly system: string;
}

/** A database that is ready to be migrated and used, with the secret that its deployment signs with. */
export interface Deployment {
  readonly addresses: DatabaseAddresses;
  readonly secretKey: string;
  /** The embedded server's superuser; `null` for an external database or a server that another process runs. */
  readonly superuserUrl: string | null;
  /** The embedded server's data directory. */
  readonly dataDir: string | null;
  close(): Promise<void>;
}

/** Kept beside the embedded data, readable by its owner only. */
interface KeptSecrets {
  readonly ownerPassword: string;
  readonly appPassword: string;
  readonly systemPassword: string;
  readonly secretKey: string;
  /** Of the running server: how a command beside `nova start` reaches it. */
  readonly port: number;
}

const DATABASE = 'nova';
const SECRETS_FILE = 'nova-secrets.json';
/** Connections beside the processes' budget: superuser's reserve, a person with psql, tests. */
const SPARE_CONNECTIONS = 40;

/**
 * Opens the database that the configuration names: an external one, or the embedded server, which is started
 * and prepared, or joined when a running Nova has it already.
 * @param join whether a server that another process runs will do; `nova start` wants its own
 */
export async function openDeployment(config: Config, log: Logger, { join }: { join: boolean }): Promise<Deployment> {
  if (config.database.url !== undefined) return externalDeployment(config);
  const dataDir =
    config.database.dataDir ?? defaultDataDirectory({ cwd: process.cwd(), uid: process.geteuid?.() ?? -1 });
  try {
    return await embeddedDeployment(config, log, dataDir);
  } catch (error) {
    if (!(join && error instanceof DataDirectoryInUse)) throw error;
    const secrets = await readSecrets(dataDir);
    if (secrets === null) throw error;
    return {
      addresses: addressesOf(`postgres://127.0.0.1:${secrets.port}/${DATABASE}`, secrets),
      secretKey: config.secretKey?.reveal() ?? secrets.secretKey,
      superuserUrl: null,
      dataDir,
      close: async () => {},
    };
  }
}

function externalDeployment({ database, secretKey }: Config): Deployment {
  const { url, directUrl, ownerUrl, systemUrl } = database;
  const missing = [
    ...(systemUrl === undefined ? ['DATABASE_SYSTEM_URL'] : []),
    ...(secretKey === undefined ? ['NOVA_SECRET_KEY'] : []),
  ];
  if (url === undefined || missing.length > 0) {
    throw new UsageError(`with an external database (DATABASE_URL) set ${missing.join(' and ')} as well`);
  }
  const app = url.reveal();
  return {
    addresses: {
      app,
      direct: directUrl?.reveal() ?? app,
      owner: ownerUrl?.reveal() ?? app,
      system: systemUrl?.reveal() ?? app,
    },
    secretKey: secretKey?.reveal() ?? '',
    superuserUrl: null,
    dataDir: null,
    close: async () => {},
  };
}

async function embeddedDeployment(config: Config, log: Logger, wishedDir: string): Promise<Deployment> {
  const server = await startEmbeddedPostgres({
    dataDir: wishedDir,
    ...(config.database.embeddedPort === 0 ? {} : { port: config.database.embeddedPort }),
    maxConnections: connectionBudget(config.process.processes, config.database) + SPARE_CONNECTIONS,
    log,
    onExit: (exit) => log.error({ exit }, 'the embedded PostgreSQL ended; starting it again'),
    onRestart: (restart) => log.warn({ restart }, 'the embedded PostgreSQL runs again'),
  });
  try {
    const secrets = { ...((await readSecrets(server.dataDir)) ?? newSecrets()), port: server.port };
    await writeSecrets(server.dataDir, secrets);
    const { ownerPassword: owner, appPassword: app, systemPassword: system } = secrets;
    const superuserUrl = server.superuserUrl('postgres');
    await bootstrapDatabase({ superuserUrl, database: DATABASE, passwords: { owner, app, system } });
    return {
      addresses: addressesOf(`postgres://${server.host}:${server.port}/${DATABASE}`, secrets),
      secretKey: config.secretKey?.reveal() ?? secrets.secretKey,
      superuserUrl: urlOfDatabase(superuserUrl, DATABASE),
      dataDir: server.dataDir,
      close: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function addressesOf(base: string, secrets: KeptSecrets): DatabaseAddresses {
  const as = (user: string, password: string) => {
    const url = new URL(base);
    url.username = user;
    url.password = password;
    return url.toString();
  };
  const app = as('nova_app', secrets.appPassword);
  return {
    app,
    direct: app,
    owner: as('nova_owner', secrets.ownerPassword),
    system: as('nova_system', secrets.systemPassword),
  };
}

function newSecrets(): Omit<KeptSecrets, 'port'> {
  const password = () => randomBytes(24).toString('base64url');
  return { ownerPassword: password(), appPassword: password(), systemPassword: password(), secretKey: password() };
}

async function readSecrets(dataDir: string): Promise<KeptSecrets | null> {
  try {
    return JSON.parse(await readFile(path.join(dataDir, SECRETS_FILE), 'utf8')) as KeptSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function writeSecrets(dataDir: string, secrets: KeptSecrets): Promise<void> {
  const file = path.join(dataDir, SECRETS_FILE);
  await writeFile(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}
