/** Numbers in [0, 1) that are the same for the same seed. */
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): fast, 32 bits of state, good enough to choose what to ask for. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the items; throws when there are none. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** `count` different items, or all when there are fewer. */
export function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  const rest = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    const at = Math.floor(random() * rest.length);
    const last = rest.pop() as T;
    chosen.push(at < rest.length ? (rest[at] as T) : last);
    if (at < rest.length) rest[at] = last;
  }
  return chosen;
}
