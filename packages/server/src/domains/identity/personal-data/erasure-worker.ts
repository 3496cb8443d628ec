import { randomBytes } from 'node:crypto';
import type { Database, SystemHandle, WriteHandle } from '../../../platform/db/index.js';
import type { PersonalData } from '../../../platform/personal-data/index.js';
import type { Logger } from '../../../platform/telemetry/index.js';
import { claimErasure, dueErasures, eraseNames, finishErasure, postponeErasure } from './erasure-queries.js';

/** Rows of one transaction, roughly: its locks are held for tens of milliseconds. */
const BATCH = 500;
/** Users taken up at a time. */
const USERS = 20;
const POLL_MS = 5_000;
/** For others to do what has to be done first: consumers are milliseconds behind as a rule. */
const WAIT_MS = 1_000;
const RETRY_MS = 2_000;
const TRANSACTION_MS = 15_000;
/**
 * A handle is not given to somebody else before its mentions and links have died out, nor may a token that still names
 * the user make them anew: those live for a week at the most.
 */
const RESERVED_MS = 30 * 86_400_000;

export interface ErasureWorkerDeps {
  readonly system: Pick<SystemHandle, 'rows'>;
  readonly transaction: Database['transaction'];
  readonly parts: readonly PersonalData[];
  readonly log: Pick<Logger, 'warn'>;
}

export interface ErasureWorker {
  /** There may be something to do. */
  wake(): void;
  /** Begins to look by itself. */
  start(): void;
  /** Does all that is due now, however many transactions it takes. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Erases what is held of users whose account has ended, a bounded number of rows a transaction. All that it knows is in
 * the database: any process goes on where another has stopped, and two never do the same.
 */
export function createErasureWorker({ system, transaction, parts, log }: ErasureWorkerDeps): ErasureWorker {
  let started = false;
  let closed = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | null = null;

  async function run(): Promise<void> {
    for (;;) {
      const due = await system.rows(dueErasures, { limit: USERS });
      let progress = false;
      for (const { tenantId, userId } of due) {
        if (closed) return;
        progress = (await eraseUser(tenantId, userId)) || progress;
      }
      if (!progress) return;
    }
  }

  /** @returns whether there was anything to do */
  async function eraseUser(tenantId: string, userId: string): Promise<boolean> {
    try {
      for (let steps = 0; !closed; steps++) {
        const step = await transaction(tenantId, (tx) => eraseStep(tx, parts, userId), { timeoutMs: TRANSACTION_MS });
        if (step !== 'more') return steps > 0 || step === 'done';
      }
    } catch (err) {
      log.warn({ err, tenantId, userId }, 'erasing a user failed and will be tried again');
      await transaction(tenantId, (tx) => tx.row(postponeErasure, { userId, failed: true, delayMs: RETRY_MS }));
    }
    return true;
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      await run();
    } catch (err) {
      log.warn({ err }, 'users who are to be erased cannot be read');
    } finally {
      underWay = null;
      if (!closed && started) {
        timer = setTimeout(wake, again ? 0 : POLL_MS * (0.9 + 0.2 * Math.random()));
        again = false;
      }
    }
  }

  function wake(): void {
    if (closed || !started) return;
    if (underWay === null) underWay = look();
    else again = true;
  }

  return {
    wake,
    start() {
      started = true;
      wake();
    },
    run,
    async close() {
      closed = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

/** One transaction. `idle`: another process is at it, or others have to do something first. */
async function eraseStep(
  tx: WriteHandle,
  parts: readonly PersonalData[],
  userId: string,
): Promise<'more' | 'done' | 'idle'> {
  const claim = await tx.row(claimErasure, { userId });
  if (claim === undefined) return 'idle';
  let waits = false;
  for (const part of parts) {
    const erased = await part.erase(tx, userId, BATCH);
    if (erased === 'more') return 'more';
    waits ||= erased === 'waits';
  }
  if (waits) {
    await tx.row(postponeErasure, { userId, failed: false, delayMs: WAIT_MS });
    return 'idle';
  }
  if (claim.erased) await tx.run(eraseNames, { userId, handle: nobodysHandle() });
  else await tx.run(finishErasure, { userId, reservedMs: RESERVED_MS });
  return 'done';
}

/** 29 characters that nobody can have taken beforehand. */
const nobodysHandle = (): string => `gone_${randomBytes(12).toString('hex')}`;
