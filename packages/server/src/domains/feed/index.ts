import { Counter } from 'prom-client';
import type { Cursors } from '../../platform/cursor/index.js';
import type { Database } from '../../platform/db/index.js';
import { bindOperation, type DomainBindings } from '../../platform/operation/index.js';
import type { Consumer } from '../../platform/outbox/index.js';
import type { PageCache } from '../../platform/page-cache/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import type { Content } from '../content/index.js';
import type { Graph } from '../graph/index.js';
import { countNewPosts } from './count-new-posts.js';
import { graphqlBinding } from './graphql.js';
import { readHomeFeed } from './read-home-feed.js';
import { followPopularity } from './refresh-popular.js';
import type { SourceName } from './schema.js';
import { createFeedSessions } from './sessions.js';
import { withoutMuted } from './without-muted.js';

export { feedErrors } from './errors.js';
export { feedPersonalData } from './personal-data.js';
export { feedQueries } from './queries/index.js';
export { repairPopularPosts } from './repair-popular.js';
export { purgeFeedSessions, purgePopularPosts } from './upkeep.js';

/** What follows the outbox on behalf of the feed. */
export const feedConsumers: readonly Consumer[] = [followPopularity];

export interface FeedDeps {
  readonly cursors: Cursors;
  readonly content: Pick<Content, 'viewPosts' | 'presentPage'>;
  readonly graph: Pick<Graph, 'mutedUsers'>;
  readonly pages: Pick<PageCache, 'get'>;
  /** For sessions, and for sources with a deadline of their own. */
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache' | 'registry'>;
  readonly settings: { readonly sourceTimeoutMs: number; readonly sessionCacheBytes: number };
}

export interface Feed {
  readonly bindings: DomainBindings;
  close(): void;
}

export function createFeed({ cursors, content: all, graph, pages, database, metrics, settings }: FeedDeps): Feed {
  const content = { presentPage: all.presentPage, viewPosts: withoutMuted(all, graph) };
  const sessions = createFeedSessions({
    transaction: database.transaction.bind(database),
    metrics,
    knownBytes: settings.sessionCacheBytes,
  });
  const missing = new Counter<'source'>({
    name: 'nova_feed_sources_missing_total',
    help: 'Sources left out of a ranked feed because they failed or were too slow.',
    labelNames: ['source'],
    registers: [metrics.registry],
  });
  const homeFeed = bindOperation(readHomeFeed, {
    cursors,
    content,
    pages,
    sessions,
    sourceHandle: ({ tenant }) => database.read(tenant.id, performance.now() + settings.sourceTimeoutMs),
    onMissing: (source: SourceName) => missing.inc({ source }),
  });
  const newPosts = bindOperation(countNewPosts, { cursors, pages, sessions });
  return {
    bindings: {
      rest: [
        { method: 'GET', path: '/feed', operation: homeFeed, status: 200 },
        { method: 'GET', path: '/feed/new', operation: newPosts, status: 200 },
      ],
      graphql: graphqlBinding(homeFeed, newPosts),
    },
    close: () => sessions.close(),
  };
}
