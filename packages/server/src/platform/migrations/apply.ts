import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { discoverMigrations, type Migration } from './discover.js';
import { MigrationError } from './errors.js';
import { ensureLedger, ledgerExists, readLedger } from './ledger-sql.js';
import { compareWithLedger, type MigrationPlan, refuseRewrittenHistory } from './plan.js';
import { isContention, runInTransaction, runOutsideTransaction } from './run-migration.js';
import { takeMigrationLock, withMigrationSession } from './session.js';

/** The part of a pino logger that is used. */
export interface MigrationLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface MigrateInput {
  /** Address of `nova_owner`, without a pooler in between: the lock belongs to the session. */
  readonly ownerUrl: string;
  /** Directory that holds `platform/` and `domains/`. */
  readonly root: string;
  readonly log: MigrationLog;
  /** Applies contract migrations too: only when no process of the previous version runs any more. Default: false. */
  readonly contract?: boolean;
  /** Stops after this version (`YYYYMMDDHHMMSS`). */
  readonly until?: string;
  /** Applies only these versions, both phases: a restore brings a database to exactly what its backup had. */
  readonly only?: readonly string[];
  /** Tries of one migration whose locks are held by others, 2 s each. Default: 30. */
  readonly lockTries?: number;
  /** Wait for another migrator, in ms. Default: 15 minutes. */
  readonly lockWaitMs?: number;
  /** Ends the waits between tries. A running statement is not interrupted. */
  readonly signal?: AbortSignal;
}

export interface MigrateResult {
  /** Versions applied by this call, in order. */
  readonly applied: readonly string[];
  /** Contract versions left for `contract: true`. */
  readonly deferred: readonly string[];
  /** Versions that a newer Nova has applied. */
  readonly newer: readonly string[];
}

const LOCK_TRIES = 30;
const LOCK_WAIT_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_000;

/**
 * Brings a database to the schema of this version. Any number of processes may call it at once: one works, the others
 * wait and then find nothing left. A migration is applied as a whole or not at all; those before a failed one stay.
 *
 * @throws MigrationError see its codes
 */
export async function migrateUp(input: MigrateInput): Promise<MigrateResult> {
  const files = await discoverMigrations(input.root);
  return await withMigrationSession(input.ownerUrl, async (client) => {
    const current = await readPlan(client, files);
    refuseRewrittenHistory(current);
    // The usual start finds nothing to do: it need not wait for another migrator, nor be able to write.
    if (selectRunnable(current, input).length === 0 && (await ledgerExists(client)))
      return summarise(current, [], input);
    await takeMigrationLock(client, input.lockWaitMs ?? LOCK_WAIT_MS, input.signal);
    if (!(await ledgerExists(client))) await ensureLedger(client);
    const plan = await readPlan(client, files);
    refuseRewrittenHistory(plan);
    const applied: string[] = [];
    for (const migration of selectRunnable(plan, input)) {
      await applyWithRetries(client, migration, input);
      applied.push(migration.version);
    }
    return summarise(plan, applied, input);
  });
}

async function readPlan(client: Client, files: readonly Migration[]): Promise<MigrationPlan> {
  return compareWithLedger(files, (await ledgerExists(client)) ? await readLedger(client) : []);
}

function selectRunnable(plan: MigrationPlan, { contract, until, only }: MigrateInput): Migration[] {
  return plan.pending.filter(({ version, phase }) => {
    if (until !== undefined && version > until) return false;
    if (only !== undefined) return only.includes(version);
    return phase === 'expand' || contract === true;
  });
}

function summarise(plan: MigrationPlan, applied: readonly string[], { log }: MigrateInput): MigrateResult {
  const newer = plan.newer.map(({ version }) => version);
  if (newer.length > 0) log.warn({ versions: newer }, 'the database has migrations of a newer version');
  const deferred = plan.pending
    .filter(({ version, phase }) => phase === 'contract' && !applied.includes(version))
    .map(({ version }) => version);
  return { applied, deferred, newer };
}

/** Retries with growing, jittered pauses, in which the traffic held up by the last try passes. */
async function applyWithRetries(client: Client, migration: Migration, input: MigrateInput): Promise<void> {
  const { log, signal } = input;
  const tries = input.lockTries ?? LOCK_TRIES;
  const started = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      await (migration.transactional ? runInTransaction(client, migration) : runOutsideTransaction(client, migration));
      break;
    } catch (error) {
      if (!isContention(error)) throw error;
      if (attempt >= tries) {
        throw new MigrationError('blocked', `${migration.file}: its locks were held by others in ${tries} tries`, {
          version: migration.version,
          cause: error,
        });
      }
      log.warn({ migration: migration.file, attempt }, 'a migration waits for a lock and tries again');
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      await sleep(pause * (0.5 + Math.random()), undefined, signal === undefined ? {} : { signal });
    }
  }
  log.info({ migration: migration.file, durationMs: Math.round(performance.now() - started) }, 'applied a migration');
}
