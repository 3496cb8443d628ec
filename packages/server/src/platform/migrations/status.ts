import { Client } from 'pg';
import { discoverMigrations, type MigrationPhase } from './discover.js';
import { ledgerExists, readLedger, type SqlConnection } from './ledger-sql.js';
import { compareWithLedger } from './plan.js';

export interface MigrationStatus {
  readonly pending: readonly { readonly version: string; readonly name: string; readonly phase: MigrationPhase }[];
  readonly applied: readonly {
    readonly version: string;
    readonly name: string;
    readonly checksum: string;
    readonly appliedAt: Date;
    readonly durationMs: number;
  }[];
  /** Applied, but the file has changed since. */
  readonly changed: readonly string[];
  /** Applied by a newer version of Nova. */
  readonly newer: readonly string[];
  /** Applied, older than the newest file, and the file is gone. */
  readonly missing: readonly string[];
}

/**
 * Compares the files under `root` with the ledger of a database. Changes nothing; any of the three roles will do.
 *
 * @throws MigrationError `no_files`, `invalid_file`, `duplicate_version`
 */
export async function migrationStatus(input: {
  readonly url: string;
  readonly root: string;
}): Promise<MigrationStatus> {
  const client = new Client({ connectionString: input.url, connectionTimeoutMillis: 10_000 });
  // A connection lost between two statements is reported by the next one.
  client.on('error', () => {});
  await client.connect();
  try {
    return await readMigrationStatus(client, input.root);
  } finally {
    await client.end();
  }
}

/** `migrationStatus` over a connection or pool that is already there. */
export async function readMigrationStatus(connection: SqlConnection, root: string): Promise<MigrationStatus> {
  const files = await discoverMigrations(root);
  const plan = compareWithLedger(files, (await ledgerExists(connection)) ? await readLedger(connection) : []);
  const versions = (entries: readonly { version: string }[]) => entries.map(({ version }) => version);
  return {
    pending: plan.pending.map(({ version, name, phase }) => ({ version, name, phase })),
    applied: plan.applied.flatMap(({ version, name, checksum, applied_at, duration_ms }) =>
      applied_at === null ? [] : [{ version, name, checksum, appliedAt: applied_at, durationMs: duration_ms ?? 0 }],
    ),
    changed: versions(plan.changed),
    newer: versions(plan.newer),
    missing: versions(plan.missing),
  };
}
