import { NovaError, platformErrors } from '../errors/index.js';

/** The connection went away under a statement whose effect, if any, is unknown to the caller. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** The server has owed an answer for so long that its connection is given up. */
export class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
}

interface PostgresError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly constraint?: string;
}

/** Whether the error is PostgreSQL's own answer (five-character SQLSTATE), not a fault of the connection. */
export function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
}

/** Statements ended by the server because it shuts down, crashes or refuses connections: classes 57P and 08, 53300. */
function isServerGoing(error: PostgresError): boolean {
  return error.code.startsWith('57P') || error.code.startsWith('08') || error.code === '53300';
}

/**
 * Whether a failure says something about the dependency, so that the breaker counts it (R4): not what an operation
 * throws, nor that its own time is up.
 */
export function isDependencyFailure(error: unknown): boolean {
  if (error instanceof ConnectionLost || error instanceof DatabaseSilent) return true;
  return isPostgresError(error) && isServerGoing(error);
}

/** Serialisation failure and deadlock: the transaction left nothing behind and may run again. */
export function isTransactionConflict(error: unknown): boolean {
  return isPostgresError(error) && (error.code === '40001' || error.code === '40P01');
}

/**
 * Whether a connection's named statements are not those that `pg` takes them for: 26000 it has none of that name, 42P05
 * it has one already. The first to use a name prepares it; when that fails, as behind the lock of a migration, those
 * sent after it rely on what is not there. A pooler that does not know named statements mixes them up as well.
 */
export function isStatementMixUp(error: unknown): boolean {
  return isPostgresError(error) && (error.code === '26000' || error.code === '42P05');
}

/** What a caller is told of a database failure; PostgreSQL's words go to the log only, as `cause`. */
export function toNovaError(error: unknown): unknown {
  if (error instanceof NovaError) return error;
  if (error instanceof ConnectionLost) {
    return platformErrors.unavailable({
      detail: 'the database connection was lost',
      retryAfterMs: 1_000,
      cause: error,
    });
  }
  if (error instanceof DatabaseSilent) {
    return platformErrors.deadline_exceeded({ detail: 'the database did not answer in time', cause: error });
  }
  if (!isPostgresError(error)) return error;
  if (isServerGoing(error)) {
    return platformErrors.unavailable({ detail: 'the database is not available', retryAfterMs: 1_000, cause: error });
  }
  // 57014 statement_timeout, 55P03 lock_timeout
  if (error.code === '57014' || error.code === '55P03') {
    return platformErrors.deadline_exceeded({ detail: 'the database did not answer in time', cause: error });
  }
  if (isStatementMixUp(error)) {
    return platformErrors.unavailable({
      detail: 'the database connection has to be replaced',
      retryAfterMs: 100,
      cause: error,
    });
  }
  if (isTransactionConflict(error)) {
    return platformErrors.unavailable({ detail: 'the change met another one', retryAfterMs: 100, cause: error });
  }
  return error;
}

/** Whether the statement broke the named unique or foreign key: `violates(error, 'users_handle_key')`. */
export function violates(error: unknown, constraint: string): boolean {
  return isPostgresError(error) && error.constraint === constraint;
}
