import type { Random } from './random.js';

/**
 * Draws ranks 0..n-1 with weight (rank + offset)^-exponent, in constant time: Vose's alias method
 * (M. D. Vose, IEEE TSE 17(9), 1991).
 */
export function createZipf(n: number, exponent: number, offset = 1): (random: Random) => number {
  const weights = Float64Array.from({ length: n }, (_, rank) => (rank + offset) ** -exponent);
  const scale = n / weights.reduce((sum, weight) => sum + weight, 0);
  const probability = weights.map((weight) => weight * scale);
  const alias = new Uint32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < n; i++) ((probability[i] ?? 0) < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop() as number;
    const more = large.at(-1) as number;
    alias[less] = more;
    probability[more] = (probability[more] ?? 0) + (probability[less] ?? 0) - 1;
    if ((probability[more] ?? 0) < 1) small.push(large.pop() as number);
  }
  for (const rest of [...small, ...large]) probability[rest] = 1;
  return (random) => {
    const column = random.below(n);
    return random.next() < (probability[column] ?? 1) ? column : (alias[column] ?? column);
  };
}
