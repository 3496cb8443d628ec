/** A deterministic source of numbers: one stream a purpose, so that more of one kind leaves the others as they were. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number;
  /** 0 <= n < bound, an integer */
  below(bound: number): number;
  /** 10 bytes, for ids */
  bytes(): Uint8Array;
}

/**
 * xoshiro128** (Blackman and Vigna, 2018) with its state filled by SplitMix32 from seed and stream.
 * @param seed any 32-bit integer
 */
export function createRandom(seed: number, stream: string): Random {
  let mix = seed >>> 0;
  for (const character of stream) mix = Math.imul(mix ^ character.charCodeAt(0), 0x01000193) >>> 0;
  const fill = () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const rotate = (x: number, by: number) => ((x << by) | (x >>> (32 - by))) >>> 0;
  const word = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  return {
    next: () => word() / 2 ** 32,
    below: (bound) => Math.floor((word() / 2 ** 32) * bound),
    bytes: () => new Uint8Array(new Uint32Array([word(), word(), word()]).buffer, 0, 10),
  };
}
