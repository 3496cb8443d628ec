import type { Scope } from '../../platform/operation/index.js';
import type { Content } from '../content/index.js';
import type { Feed } from './feeds.js';
import { type FilledPage, fillPage, type Stretch } from './fill-page.js';
import { readOlder } from './older-posts.js';
import type { Place, SessionPlace } from './places.js';
import type { Reason } from './reasons.js';
import { type FeedSessions, idsOf, type Slice } from './sessions.js';
import type { Snapshot } from './snapshot.js';

export interface PageDeps {
  readonly content: Pick<Content, 'viewPosts'>;
  readonly sessions: Pick<FeedSessions, 'slice'>;
}

/** The first page, from a snapshot at hand. */
export async function readFirstPage(
  { content }: Pick<PageDeps, 'content'>,
  scope: Scope,
  viewerId: string,
  feed: Feed,
  { ids, ranked, horizon }: Snapshot,
  limit: number,
): Promise<FilledPage> {
  const read = async (place: Place, count: number): Promise<Stretch> => {
    if (place.kind === 'older') return await readOlder(scope, viewerId, feed, place.position, count);
    const { offset } = place;
    const end = offset + count;
    const slice = {
      ids: ids.slice(offset, end),
      reasons: ranked?.slice(offset, end) ?? null,
      size: ids.length,
      horizon,
    };
    return stretchOf(slice, offset);
  };
  return await fillPage(limit, { kind: 'snapshot', offset: 0 }, read, (postIds) => content.viewPosts(scope, postIds));
}

/** A further page, from a session or beyond it. Throws `cursor_expired`. */
export async function readFurtherPage(
  { content, sessions }: PageDeps,
  scope: Scope,
  viewerId: string,
  feed: Feed,
  { sessionId, place: from }: SessionPlace,
  limit: number,
): Promise<FilledPage> {
  const key = sessionId === null ? null : { viewerId, sessionId };
  // In the order of time all of the snapshot is newer than what follows; popular posts are of any time.
  const shown = async (): Promise<ReadonlySet<string>> =>
    key === null || feed.kind !== 'ranked' ? new Set() : await idsOf(sessions, scope, key);
  const read = async (place: Place, count: number): Promise<Stretch> => {
    if (place.kind === 'snapshot') {
      if (key === null) return { items: [], next: null };
      return stretchOf(await sessions.slice(scope, key, place.offset, count), place.offset);
    }
    const [{ items, next }, known] = await Promise.all([
      readOlder(scope, viewerId, feed, place.position, count),
      shown(),
    ]);
    return { items: items.filter(({ id }) => !known.has(id)), next };
  };
  return await fillPage(limit, from, read, (ids) => content.viewPosts(scope, ids));
}

function stretchOf({ ids, reasons, size, horizon }: Slice, offset: number): Stretch {
  const items = ids.map((id, index) => ({
    id,
    reason: reasons?.[index] ?? null,
    after: { kind: 'snapshot', offset: offset + index + 1 } as const,
  }));
  const end = offset + ids.length;
  if (end < size && ids.length > 0) return { items, next: { kind: 'snapshot', offset: end } };
  return { items, next: horizon === null ? null : { kind: 'older', position: horizon } };
}

/** Why a post is there when nothing else was kept: the feed itself says it. */
export function reasonIn(feed: Feed, viewerId: string, authorId: string): Reason {
  if (feed.kind === 'hashtag') return { source: 'hashtag', parts: null };
  return { source: authorId === viewerId ? 'own' : 'followee', parts: null };
}
