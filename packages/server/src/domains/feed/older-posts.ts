import type { Position } from '../../platform/cursor/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Feed } from './feeds.js';
import type { Stretch } from './fill-page.js';
import { olderHashtagPosts } from './queries/hashtags.js';
import { olderPosts } from './queries/home.js';

/** What a feed goes on with beyond its snapshot: older posts, newest first. One more is read to tell whether it does. */
export async function readOlder(
  { db }: Pick<Scope, 'db'>,
  viewerId: string,
  feed: Feed,
  { key, id }: Position,
  count: number,
): Promise<Stretch> {
  const after = { beforeAt: key, beforeId: id, limit: count + 1 };
  const row =
    feed.kind === 'hashtag'
      ? await db.row(olderHashtagPosts, { hashtag: feed.hashtag, ...after })
      : await db.row(olderPosts, { viewerId, ...after });
  const { ids = [], createdAts = [] } = row ?? {};
  const items = ids.slice(0, count).map((postId, index) => ({
    id: postId,
    reason: null,
    after: { kind: 'older', position: { key: createdAts[index] ?? '', id: postId } } as const,
  }));
  return { items, next: ids.length > count ? (items.at(-1)?.after ?? null) : null };
}
