import { ConfigurationError } from '../config/index.js';
import { ImportFormatError } from '../imports/index.js';
import { ConnectionBudgetExceeded } from '../platform/db/index.js';
import { NovaError } from '../platform/errors/index.js';
import { MigrationError } from '../platform/migrations/index.js';
import { EmbeddedPostgresError } from '../platform/postgres/index.js';
import { RoleViolationError } from '../platform/roles/index.js';
import { redactText } from '../platform/telemetry/index.js';
import { TenantTransferError } from '../platform/tenant-transfer/index.js';
import { UsageError } from './usage-error.js';

/** Errors whose message tells a person what to do: their stack would only be in the way. */
const ACTIONABLE = [
  ConfigurationError,
  ConnectionBudgetExceeded,
  EmbeddedPostgresError,
  ImportFormatError,
  MigrationError,
  NovaError,
  RoleViolationError,
  TenantTransferError,
  UsageError,
];

/** Runs the body of a command; a failure is printed once and ends the process with status 1. */
export async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${redactText(textOf(error))}\n`);
    process.exitCode = 1;
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (ACTIONABLE.some((kind) => error instanceof kind)) return error.message;
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) return portTaken(error.port);
  const reason = connectionFailure(error);
  return reason === undefined ? (error.stack ?? error.message) : `There is no connection to the database: ${reason}`;
}

function portTaken(port: unknown): string {
  const others = 'NOVA_HTTP_PORT (or --port) and NOVA_ADMIN_PORT name others';
  return `Port ${port} is taken: ${others}, NOVA_HTTP_PORT_FALLBACK and NOVA_ADMIN_PORT_FALLBACK look for a free one`;
}

/** No such host or port, wrong role or password (class 28), no such database, no connection free, still starting. */
const CONNECTION_FAILURE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|28...|3D000|53300|57P03)$/;

/** Why a connection could not be opened; undefined for other errors. */
function connectionFailure(error: Error): string | undefined {
  if (!('code' in error) || !CONNECTION_FAILURE.test(String(error.code))) return undefined;
  // A host name with several addresses fails at each of them, and its own message is empty.
  return error instanceof AggregateError ? error.errors.map((each: Error) => each.message).join('; ') : error.message;
}
