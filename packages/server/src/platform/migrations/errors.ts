export type MigrationErrorCode =
  /** No migration under the root: a wrong root, or a build without its SQL files. */
  | 'no_files'
  /** A file that cannot be a migration: its name, header or statements. */
  | 'invalid_file'
  /** Two files with one timestamp have no order. */
  | 'duplicate_version'
  /** An applied file was changed afterwards. */
  | 'checksum_mismatch'
  /** Applied, older than the newest file here, and its file is gone. */
  | 'missing_file'
  /** Another migrator held the advisory lock all the time. */
  | 'lock_unavailable'
  /** A lock in the way was not released within all tries. */
  | 'blocked'
  /** PostgreSQL refused a statement. */
  | 'failed';

/**
 * Why migrations did not run or stopped. Not a catalogue error: it ends a command or a start, before there is any
 * transport that could render it. Everything before the named migration stays applied.
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;
  /** Of the migration at fault; undefined when it is no single one. */
  readonly version: string | undefined;

  constructor(code: MigrationErrorCode, message: string, details: { version?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.version = details.version;
  }
}
