import type { Migration } from './discover.js';
import { MigrationError } from './errors.js';
import type { LedgerEntry } from './ledger-sql.js';

/** How the files of this version of Nova and the ledger of a database compare. */
export interface MigrationPlan {
  /** Not applied, in their order, both phases. */
  readonly pending: readonly Migration[];
  readonly applied: readonly LedgerEntry[];
  /** Applied with another content than the file now has. */
  readonly changed: readonly Migration[];
  /** Applied by a newer version of Nova: no file here, and later than every file here (I13). */
  readonly newer: readonly LedgerEntry[];
  /** Applied, without a file here, and not newer: a file was renamed or removed. */
  readonly missing: readonly LedgerEntry[];
}

export function compareWithLedger(files: readonly Migration[], ledger: readonly LedgerEntry[]): MigrationPlan {
  const byVersion = new Map(files.map((file) => [file.version, file]));
  const newest = files.at(-1)?.version ?? '';
  const applied = ledger.filter((entry) => entry.applied_at !== null);
  const checksums = new Map(applied.map((entry) => [entry.version, entry.checksum]));
  const unknown = applied.filter((entry) => !byVersion.has(entry.version));
  return {
    pending: files.filter((file) => !checksums.has(file.version)),
    applied,
    changed: files.filter((file) => checksums.has(file.version) && checksums.get(file.version) !== file.checksum),
    newer: unknown.filter((entry) => entry.version > newest),
    missing: unknown.filter((entry) => entry.version <= newest),
  };
}

/** @throws MigrationError `checksum_mismatch`, `missing_file`: going on would build on something else than was tested */
export function refuseRewrittenHistory(plan: MigrationPlan): void {
  const [changed] = plan.changed;
  if (changed !== undefined) {
    throw new MigrationError(
      'checksum_mismatch',
      `changed after they were applied: ${plan.changed.map(({ file }) => file).join(', ')}. ` +
        'Restore the files and put the change into a new migration.',
      { version: changed.version },
    );
  }
  const [missing] = plan.missing;
  if (missing !== undefined) {
    throw new MigrationError(
      'missing_file',
      `applied, but their files are gone: ${plan.missing.map(({ version, name }) => `${version}_${name}`).join(', ')}`,
      { version: missing.version },
    );
  }
}
