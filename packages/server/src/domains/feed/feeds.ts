import { platformErrors } from '../../platform/errors/index.js';
import { normaliseHashtag } from '../content/index.js';
import type { FeedMode } from './schema.js';

/** Which posts a feed is made of, and in which order. */
export type Feed =
  | { readonly kind: 'following' }
  | { readonly kind: 'ranked' }
  | { readonly kind: 'hashtag'; readonly hashtag: string };

/** Throws `invalid_request` for a hashtag that cannot be one, and for one that is to be ranked. */
export function feedOf({ mode, hashtag }: { mode?: FeedMode; hashtag?: string }): Feed {
  if (hashtag === undefined) return { kind: mode ?? 'following' };
  if (mode === 'ranked') throw refusal('mode', 'a hashtag is read newest first');
  const normalised = normaliseHashtag(hashtag);
  if (normalised === null) throw refusal('hashtag', 'is not a hashtag');
  return { kind: 'hashtag', hashtag: normalised };
}

/** Names a feed of a viewer: in cursors, caches and ids of sessions. */
export function nameOf(feed: Feed): string {
  return feed.kind === 'hashtag' ? `hashtag/${feed.hashtag}` : feed.kind;
}

function refusal(path: string, reason: string) {
  return platformErrors.invalid_request({ problems: [{ path, reason }] });
}
