import { hash } from 'node:crypto';
import type { Position } from '../../platform/cursor/index.js';
import type { SourceName } from './schema.js';
import type { RankedPost } from './score.js';

/** What a feed was when its first page was read. */
export interface Snapshot {
  /** At most `MAX_SNAPSHOT`, in the order of the feed, none twice. */
  readonly ids: readonly string[];
  /** Why each is there; null where the feed itself says it. */
  readonly ranked: readonly RankedPost[] | null;
  /** The feed goes on in the order of time with what is older than this; null when there is nothing more. */
  readonly horizon: Position | null;
  /** Sources that were left out. */
  readonly missing: readonly SourceName[];
}

/**
 * The id of its session. Made from what is in it, so that looking again at a feed in which nothing has happened opens no
 * other session, and gives the same cursors and entity tag.
 * @param feed names the feed
 */
export function sessionIdOf(feed: string, { ids, horizon }: Snapshot): string {
  const hex = hash('sha256', `${feed}\n${horizon?.key}\n${horizon?.id}\n${ids.join()}`, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
