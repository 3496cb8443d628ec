import type { Cursors, Position } from '../../platform/cursor/index.js';
import type { Scope } from '../../platform/operation/index.js';
import { type Feed, nameOf } from './feeds.js';

/** Where a page begins: so many ids into the snapshot, or, beyond it, after a post in the order of time. */
export type Place =
  | { readonly kind: 'snapshot'; readonly offset: number }
  | { readonly kind: 'older'; readonly position: Position };

/** A place of a session; null where the feed goes on without one. */
export interface SessionPlace {
  readonly sessionId: string | null;
  readonly place: Place;
}

/** Cursors of a viewer's feed: good for this viewer and this feed alone. */
export interface PlaceCursors {
  encode(at: SessionPlace): string;
  /** Throws `invalid_cursor`. */
  decode(cursor: string): SessionPlace;
}

export function placeCursors(cursors: Cursors, { tenant }: Scope, viewerId: string, feed: Feed): PlaceCursors {
  const list = `feed/${tenant.id}/${viewerId}/${nameOf(feed)}`;
  return {
    encode({ sessionId, place }) {
      if (place.kind === 'snapshot') return cursors.encode(list, { key: `${place.offset}`, id: sessionId ?? '' });
      return cursors.encode(list, { key: `${place.position.key}/${sessionId ?? ''}`, id: place.position.id });
    },
    decode(cursor) {
      const { key, id } = cursors.decode(list, cursor);
      const [first = '', sessionId] = key.split('/');
      if (sessionId === undefined) return { sessionId: id, place: { kind: 'snapshot', offset: Number(first) } };
      const place: Place = { kind: 'older', position: { key: first, id } };
      return { sessionId: sessionId === '' ? null : sessionId, place };
    },
  };
}
