/** Codes of {@link EmbeddedPostgresError}; stable, so that scripts and the CLI can tell the cases apart. */
export type EmbeddedPostgresErrorCode =
  | 'unsupported_platform'
  | 'binaries_missing'
  | 'binaries_unusable'
  | 'no_service_user'
  | 'directory_not_reachable'
  | 'directory_not_owned'
  | 'directory_in_use'
  | 'not_a_cluster'
  | 'foreign_major_version'
  | 'init_failed'
  | 'start_failed'
  | 'port_in_use'
  | 'orphan_will_not_stop'
  | 'superuser_password_mismatch'
  | 'backup_target_exists'
  | 'backup_unreadable'
  | 'backup_corrupt'
  | 'backup_failed'
  | 'insufficient_privilege'
  | 'unsupported_schema'
  | 'restore_target_not_empty'
  | 'schema_mismatch'
  | 'restore_failed';

/** A failure of the embedded server, of a backup or of a restore; the message says what to do about it. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}

/** Another Nova owns the data directory. */
export class DataDirectoryInUse extends EmbeddedPostgresError {
  /** Process id of the owner, as that process saw it (another container numbers its processes apart). */
  readonly pid: number;

  constructor(dataDir: string, pid: number) {
    super(
      'directory_in_use',
      `The data directory ${dataDir} is in use by another Nova (process ${pid}). ` +
        'Stop that process, or give this one a data directory of its own.',
    );
    this.name = 'DataDirectoryInUse';
    this.pid = pid;
  }
}

/** The `code` of a Node.js or PostgreSQL error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
