import type { SystemHandle } from '../../platform/db/index.js';
import type { Logger } from '../../platform/telemetry/index.js';
import { noteSessionsUsed } from './session-queries.js';

/** How exactly it is known when a session was used: a session in use costs a row version so often and no more. */
export const COARSE_MS = 10 * 60_000;
const FLUSH_MS = 30_000;
const BATCH = 500;
/** Noted and not yet written. Past it they are forgotten: they will be in use again (I10). */
const MAX_NOTED = 50_000;

export interface SessionUsage {
  /** The session was used, and for the first time in `COARSE_MS`. */
  note(session: { readonly tenantId: string; readonly sessionId: string }): void;
  start(): void;
  /** Writes what has been noted, as far as the database takes it. */
  close(): Promise<void>;
}

/** Writes now and then which sessions have been in use, many at a time: no request waits for it or writes. */
export function createSessionUsage(deps: {
  readonly system: Pick<SystemHandle, 'run'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly coarseMs?: number;
}): SessionUsage {
  const { system, log, coarseMs = COARSE_MS } = deps;
  let noted = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const entries = [...noted];
    noted = new Map();
    try {
      for (let from = 0; from < entries.length; from += BATCH) {
        const batch = entries.slice(from, from + BATCH);
        const [ids, tenantIds] = [batch.map(([id]) => id), batch.map(([, tenantId]) => tenantId)];
        await system.run(noteSessionsUsed, { tenantIds, ids, coarseMs });
      }
    } catch (err) {
      log.warn({ err }, 'it could not be noted which sessions are in use');
    }
  }
  const flushInTurn = () => {
    underWay = underWay.then(flush);
  };

  return {
    note({ tenantId, sessionId }) {
      if (noted.size < MAX_NOTED) noted.set(sessionId, tenantId);
    },
    start() {
      timer ??= setInterval(flushInTurn, FLUSH_MS);
    },
    async close() {
      clearInterval(timer);
      flushInTurn();
      await underWay;
    },
  };
}
