import { Counter } from 'prom-client';
import type { Database } from '../../../platform/db/index.js';
import type { Logger, Metrics } from '../../../platform/telemetry/index.js';
import { type BackgroundLoop, createLoop } from '../background-loop.js';
import { systemAddresses } from './address-guard.js';
import { fetchDueLinks } from './fetch-due-links.js';

export interface PreviewerDeps {
  readonly database: Pick<Database, 'system' | 'transaction'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly settings: {
    /** Fetches at a time in this process; 0 fetches nothing. */
    readonly linkPreviewConcurrency: number;
    readonly linkPreviewAllowedAddresses: readonly string[];
  };
}

const LOOK_EVERY_MS = 1_000;

/** Fetches links of posts while it runs. */
export function createPreviewer({ database, log, metrics, settings }: PreviewerDeps): BackgroundLoop {
  const fetches = new Counter({
    name: 'nova_link_previews_total',
    help: 'Links of posts fetched, by outcome.',
    labelNames: ['outcome'],
    registers: [metrics.registry],
  });
  const concurrency = settings.linkPreviewConcurrency;
  const ending = new AbortController();
  const loop = createLoop({
    turn: () =>
      fetchDueLinks({
        database,
        log,
        concurrency,
        record: (outcome) => fetches.inc({ outcome }),
        fetch: { lookup: systemAddresses, allowed: settings.linkPreviewAllowedAddresses, signal: ending.signal },
      }),
    batch: concurrency,
    everyMs: LOOK_EVERY_MS,
    log,
    what: 'fetching links',
  });
  return {
    start() {
      if (concurrency > 0) loop.start();
    },
    async stop() {
      ending.abort();
      await loop.stop();
    },
  };
}
