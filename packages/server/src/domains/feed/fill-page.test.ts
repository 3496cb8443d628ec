import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PostView } from '../content/index.js';
import { type FilledPage, fillPage, type Stretch } from './fill-page.js';
import type { Place } from './places.js';

/** A feed of numbers, of which those in `visible` can be seen; counts how often it is read. */
function feedOf(size: number, visible: ReadonlySet<number>) {
  let reads = 0;
  const read = async (place: Place, count: number): Promise<Stretch> => {
    reads += 1;
    const offset = place.kind === 'snapshot' ? place.offset : size;
    const end = Math.min(offset + count, size);
    const placeAt = (at: number): Place => ({ kind: 'snapshot', offset: at });
    const items = Array.from({ length: end - offset }, (_, index) => ({
      id: `${offset + index}`,
      reason: null,
      after: placeAt(offset + index + 1),
    }));
    return { items, next: end < size ? placeAt(end) : null };
  };
  const view = async (ids: readonly string[]) =>
    // Not in their order: nothing may rest on it.
    [...ids].reverse().flatMap((id) => (visible.has(Number(id)) ? [{ stored: { id } } as PostView] : []));
  return { read, view, reads: () => reads };
}

const start: Place = { kind: 'snapshot', offset: 0 };
const idsOf = ({ posts }: FilledPage) => posts.map(({ view }) => Number(view.stored.id));

describe('a page of a feed', () => {
  it('holds what is visible, in order and full, whatever lies between', async () => {
    const given = fc.record({
      size: fc.nat({ max: 500 }),
      hidden: fc.array(fc.record({ from: fc.nat({ max: 500 }), length: fc.nat({ max: 200 }) }), { maxLength: 6 }),
      limit: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ size, hidden, limit }) => {
        const all = Array.from({ length: size }, (_, index) => index);
        const shown = all.filter((at) => !hidden.some(({ from, length }) => at >= from && at < from + length));
        const feed = feedOf(size, new Set(shown));
        const seen: number[] = [];
        for (let place: Place | null = start; place !== null; ) {
          const page: FilledPage = await fillPage(limit, place, feed.read, feed.view);
          expect(idsOf(page)).toEqual(shown.slice(seen.length, seen.length + limit));
          seen.push(...idsOf(page));
          place = page.next;
        }
        expect(seen).toEqual(shown);
      }),
    );
  });

  it('is read at once where all of it is visible, and in a few reads where nothing is', async () => {
    const whole = feedOf(500, new Set(Array.from({ length: 500 }, (_, index) => index)));
    expect(idsOf(await fillPage(20, start, whole.read, whole.view))).toHaveLength(20);
    expect(whole.reads()).toBe(1);
    const nothing = feedOf(500, new Set());
    expect(await fillPage(20, start, nothing.read, nothing.view)).toEqual({ posts: [], next: null });
    expect(nothing.reads()).toBeLessThanOrEqual(5);
  });

  it('gives up on a feed that is longer and invisible, and goes on with the next page', async () => {
    const long = feedOf(10_000, new Set([9_999]));
    let pages = 0;
    for (let place: Place | null = start; place !== null; pages += 1) {
      place = (await fillPage(20, place, long.read, long.view)).next;
    }
    expect(pages).toBeGreaterThan(1);
    expect(long.reads()).toBeLessThanOrEqual(5 * pages);
  });
});
