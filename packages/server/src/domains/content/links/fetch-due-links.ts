import type { Database } from '../../../platform/db/index.js';
import type { Logger } from '../../../platform/telemetry/index.js';
import { leaseDueLinks, storePreview } from '../queries/links.js';
import { type FetchOptions, fetchPage } from './fetch-page.js';
import { type PageSummary, readOpenGraph } from './read-open-graph.js';

export interface FetchDueDeps {
  readonly database: Pick<Database, 'system' | 'transaction'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly fetch: FetchOptions;
  /** Fetches at a time, and links taken in one turn. */
  readonly concurrency: number;
  /** Told of each fetch. */
  readonly record: (outcome: string) => void;
}

/** Longer than a fetch takes. */
const LEASE_MS = 30_000;
const MAX_ATTEMPTS = 3;
const GOOD_FOR_MS = 7 * 86_400_000;
/** What has failed is tried again when somebody posts it an hour later. */
const FAILED_FOR_MS = 3_600_000;
const NOTHING: PageSummary = { title: null, description: null, imageUrl: null, siteName: null };

/**
 * Fetches links that are due, as many as at a time; in several processes at once each takes others.
 * @returns how many were due
 */
export async function fetchDueLinks(deps: FetchDueDeps): Promise<number> {
  const due = await deps.database.system.rows(leaseDueLinks, { leaseMs: LEASE_MS, limit: deps.concurrency });
  await Promise.all(due.map((link) => fetchOne(deps, link)));
  return due.length;
}

async function fetchOne(
  { database, log, fetch, record }: FetchDueDeps,
  { tenantId, url, attempts }: { readonly tenantId: string; readonly url: string; readonly attempts: number },
): Promise<void> {
  const page = attempts > MAX_ATTEMPTS ? 'failed' : await fetchPage(url, fetch);
  // Ended from outside: it is due again when the lease is over.
  if (fetch.signal?.aborted === true) return;
  const summary = typeof page === 'string' ? NOTHING : readOpenGraph(page);
  const found = summary.title !== null;
  record(typeof page === 'string' ? page : found ? 'found' : 'no_title');
  try {
    await database.transaction(tenantId, (tx) =>
      tx.run(storePreview, { url, ...summary, goodForMs: found ? GOOD_FOR_MS : FAILED_FOR_MS }),
    );
  } catch (err) {
    log.warn({ err, tenantId }, 'a link preview could not be stored; it is fetched again');
  }
}
