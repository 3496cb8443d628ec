export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Middle and extremes of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError('no values');
  const upper = sorted[sorted.length >> 1] ?? max;
  const lower = sorted[(sorted.length - 1) >> 1] ?? min;
  return { median: (lower + upper) / 2, min, max };
}

/** What a ratio has to reach: at least `value` for rates, at most `value` for latencies. */
export interface Bar {
  readonly direction: 'at_least' | 'at_most';
  readonly value: number;
}

export type Verdict = 'PASS' | 'BELOW';

export interface Ratio extends Spread {
  readonly bar: Bar;
  readonly verdict: Verdict;
}

/**
 * Measured over baseline, round by round: a machine that slows down between two rounds slows both sides of one round
 * alike. The median round decides.
 */
export function ratioOf(rounds: readonly { readonly measured: number; readonly baseline: number }[], bar: Bar): Ratio {
  const spread = spreadOf(rounds.map(({ measured, baseline }) => (baseline > 0 ? measured / baseline : Number.NaN)));
  return { ...spread, bar, verdict: reaches(spread.median, bar) ? 'PASS' : 'BELOW' };
}

function reaches(value: number, bar: Bar): boolean {
  switch (bar.direction) {
    case 'at_least':
      return value >= bar.value;
    case 'at_most':
      return value <= bar.value;
  }
}
