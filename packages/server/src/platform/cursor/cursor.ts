import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { platformErrors } from '../errors/index.js';

/** Where a page ended: the full-precision sort key and the id that breaks ties. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

export interface Cursors {
  /** @param list names the list with everything that selects its rows: a cursor is good for that list only */
  encode(list: string, position: Position): string;
  /** Throws `invalid_cursor` for anything that `encode` has not made for the same list. */
  decode(list: string, cursor: string): Position;
}

/** Lists go forward only. One that will go back as well must not take a cursor of the other way for its own. */
const DIRECTION = 'next';
const MAC_BYTES = 16;
const LIST_BYTES = 8;
/** Far above what a position needs; hashing megabytes of rubbish would be a gift to an attacker. */
export const MAX_CURSOR_LENGTH = 512;

/**
 * Opaque cursors: `mac(16) | list hash(8) | json [direction, key, id]` in base64url. The MAC (HMAC-SHA256,
 * truncated as RFC 2104 section 5 allows) makes a forged or altered cursor a refusal instead of a query.
 */
export function createCursors(secretKey: string): Cursors {
  const key = createHash('sha256').update('nova cursor v1\0').update(secretKey).digest();
  const seal = (body: Buffer) => createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);
  return {
    encode(list, position) {
      const body = Buffer.concat([hashOf(list), Buffer.from(JSON.stringify([DIRECTION, position.key, position.id]))]);
      return Buffer.concat([seal(body), body]).toString('base64url');
    },
    decode(list, cursor) {
      const bytes = Buffer.from(cursor.slice(0, MAX_CURSOR_LENGTH), 'base64url');
      const body = bytes.subarray(MAC_BYTES);
      // Re-encoding finds what the lenient decoder passed over: padding, foreign characters, spare bits.
      const whole = bytes.length > MAC_BYTES + LIST_BYTES && bytes.toString('base64url') === cursor;
      if (!whole || !timingSafeEqual(bytes.subarray(0, MAC_BYTES), seal(body))) throw platformErrors.invalid_cursor();
      if (!body.subarray(0, LIST_BYTES).equals(hashOf(list))) {
        throw platformErrors.invalid_cursor({ detail: 'the cursor belongs to another list' });
      }
      const [direction, sortKey, id] = JSON.parse(body.subarray(LIST_BYTES).toString()) as [string, string, string];
      if (direction !== DIRECTION) throw platformErrors.invalid_cursor({ detail: 'the cursor goes the other way' });
      return { key: sortKey, id };
    },
  };
}

function hashOf(list: string): Buffer {
  return createHash('sha256').update(list).digest().subarray(0, LIST_BYTES);
}
