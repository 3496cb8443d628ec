import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/index.js';
import { connectionBudget } from '../platform/db/index.js';
import {
  DataDirectoryInUse,
  defaultDataDirectory,
  replacePrivateFile,
  startEmbeddedPostgres,
} from '../platform/postgres/index.js';
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
    const secrets = await keepSecrets(server.dataDir, { port: server.port });
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

/** Makes a key that of an embedded deployment, from its next start on. */
export async function keepSecretKey(dataDir: string, secretKey: string): Promise<void> {
  await keepSecrets(dataDir, { secretKey });
}

/** Makes the secrets at the first start, and puts a change to them on disk. */
async function keepSecrets(dataDir: string, change: Partial<KeptSecrets>): Promise<KeptSecrets> {
  const kept = await readSecrets(dataDir);
  const secrets = { ...(kept ?? newSecrets()), ...change };
  if (!isDeepStrictEqual(secrets, kept)) await replacePrivateFile(fileOf(dataDir), JSON.stringify(secrets));
  return secrets;
}

function fileOf(dataDir: string): string {
  return path.join(dataDir, SECRETS_FILE);
}

function newSecrets(): KeptSecrets {
  const draw = () => randomBytes(24).toString('base64url');
  return { ownerPassword: draw(), appPassword: draw(), systemPassword: draw(), secretKey: draw(), port: 0 };
}

async function readSecrets(dataDir: string): Promise<KeptSecrets | null> {
  const file = fileOf(dataDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const secrets = parseSecrets(text);
  if (secrets !== undefined) return secrets;
  throw new UsageError(
    `${file} is damaged. Put a copy of it back; or remove it, and the next start makes new passwords and a new secret ` +
      'key. Cursors and Idempotency-Keys of before are refused then, unless NOVA_SECRET_KEY is set to the old key: ' +
      'a backup has it in its file secret-key.',
  );
}

function parseSecrets(text: string): KeptSecrets | undefined {
  try {
    const found = JSON.parse(text) as Record<string, unknown>;
    const isWhole = Object.entries(newSecrets()).every(([name, value]) => typeof found[name] === typeof value);
    return isWhole ? (found as unknown as KeptSecrets) : undefined;
  } catch {
    return undefined;
  }
}
