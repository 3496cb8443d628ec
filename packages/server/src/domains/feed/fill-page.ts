import type { PostView } from '../content/index.js';
import type { Place } from './places.js';
import type { Reason } from './reasons.js';

/** A post that may come onto a page, as far as the viewer may see it. */
export interface FeedItem {
  readonly id: string;
  /** Null where the feed itself says it. */
  readonly reason: Reason | null;
  readonly after: Place;
}

/** A part of a feed in its order. */
export interface Stretch {
  readonly items: readonly FeedItem[];
  /** Where the feed goes on; null at its end. */
  readonly next: Place | null;
}

export interface FilledPage {
  readonly posts: readonly { readonly view: PostView; readonly reason: Reason | null }[];
  /** Where the next page begins; null on the last one. */
  readonly next: Place | null;
}

/** Of the whole snapshot, were nothing of it visible: 20, 50, 100, 150, 200. */
const MAX_ROUNDS = 5;
const WIDER_BY = 50;

/**
 * A page of `limit` posts that the viewer may see, from a place on. What is invisible is passed over: the first round
 * reads what a page holds, and nearly always fills it; those that follow read more.
 * @param read the next items from a place on, `count` at the most
 * @param view those of the posts that the viewer may see
 */
export async function fillPage(
  limit: number,
  from: Place | null,
  read: (place: Place, count: number) => Promise<Stretch>,
  view: (ids: readonly string[]) => Promise<readonly PostView[]>,
): Promise<FilledPage> {
  const posts: FilledPage['posts'][number][] = [];
  let place = from;
  for (let round = 0; round < MAX_ROUNDS && place !== null && posts.length < limit; round += 1) {
    const { items, next } = await read(place, Math.max(limit - posts.length, round * WIDER_BY));
    const views = await view(items.map(({ id }) => id));
    const visible = new Map(views.map((each) => [each.stored.id, each]));
    place = next;
    for (const [index, { id, reason, after }] of items.entries()) {
      const found = visible.get(id);
      if (found === undefined) continue;
      posts.push({ view: found, reason });
      if (posts.length < limit) continue;
      if (index < items.length - 1) place = after;
      break;
    }
  }
  return { posts, next: place };
}
