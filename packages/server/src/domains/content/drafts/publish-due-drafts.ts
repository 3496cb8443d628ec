import type { Database } from '../../../platform/db/index.js';
import type { Plan, WriteScope } from '../../../platform/operation/index.js';
import type { Logger } from '../../../platform/telemetry/index.js';
import { PUBLISH_BATCH, PUBLISH_RETRY_MS } from '../limits.js';
import { leaseDueDrafts, takeDueDraft } from '../queries/drafts.js';
import type { WritePostDeps } from '../write-post.js';
import { publishTaken } from './publish-draft.js';

export interface PublishDueDeps extends WritePostDeps {
  readonly database: Pick<Database, 'system' | 'transaction'>;
  readonly log: Logger;
}

interface DueDraft {
  readonly tenantId: string;
  readonly plan: string;
  readonly draftId: string;
  readonly authorId: string;
}

/** Drafts published at a time: users need the connections for writes too. */
const LANES = 3;

/**
 * Publishes drafts whose time has come, a batch of them; in several processes at once each takes others. A draft that
 * fails, or whose process dies, is due again when its lease ends.
 * @returns how many were due: as many as fit into a batch when there may be more
 */
export async function publishDueDrafts(deps: PublishDueDeps): Promise<number> {
  const due = await deps.database.system.rows(leaseDueDrafts, { leaseMs: PUBLISH_RETRY_MS, limit: PUBLISH_BATCH });
  const waiting = [...due];
  const lane = async (): Promise<void> => {
    for (let draft = waiting.shift(); draft !== undefined; draft = waiting.shift()) await publishOne(deps, draft);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return due.length;
}

async function publishOne(deps: PublishDueDeps, { tenantId, plan, draftId, authorId }: DueDraft): Promise<void> {
  const { database, log } = deps;
  try {
    await database.transaction(tenantId, async (db) => {
      const draft = await db.row(takeDueDraft, { draftId, authorId });
      // Published, deleted or put off since it was found.
      if (draft === undefined) return;
      const scope = scopeOf({ tenantId, plan, authorId }, db, log);
      // Whose account is gone says nothing any more, and the draft is gone with this transaction.
      if ((await deps.identity.usersByIds(scope, [authorId])).size === 0) return;
      await publishTaken(deps, scope, draft);
    });
  } catch (err) {
    log.warn({ err, tenantId, draftId }, 'a scheduled post could not be published; it is tried again');
  }
}

/** The author's, as if they had called at this moment. */
function scopeOf(
  { tenantId, plan, authorId }: Omit<DueDraft, 'draftId'>,
  db: WriteScope['db'],
  log: Logger,
): WriteScope {
  return {
    // The column's check admits nothing else.
    tenant: { id: tenantId, plan: plan as Plan },
    viewer: { userId: authorId, sessionId: '' },
    db,
    remoteAddress: '',
    userAgent: '',
    correlationId: '',
    log,
    signal: new AbortController().signal,
  };
}
