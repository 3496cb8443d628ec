/** UTF-16 code units, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What hashtags and handles are compared in. Small letters can leave NFKC again, hence the second pass. */
export function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Nothing but small letters comes of it, each in its place. */
const ASCII = /^[\0-\x7f]*$/;
/**
 * A part of a text that is normalised as it would be with all around it: a character with its marks. Letters of Hangul
 * join into syllables, those for compatibility, half-width and circled ones as well, so a run of them is one part; so
 * are the half-width marks of voiced Katakana, which are letters by their category.
 */
const PART =
  /(?:[\u1100-\u11ff\u3131-\u318e\u3260-\u327f\ua960-\ua97c\uac00-\ud7fb\uffa0-\uffdc]+|[\s\S])[\p{M}\uff9e\uff9f]*/gu;
/** The only letter whose small form depends on those around it: equal length is what counts here. */
const FINAL_SIGMA = /ς/g;

/**
 * Maps ranges of the normalised text to those of the text as written. What is only a part of a written character stands
 * for the whole of it.
 * @param normalised of `text`
 * @param until ranges end there at the latest: what comes after is not looked at
 * @returns a function that answers null for what cannot be told
 */
export function originsOf(text: string, normalised: string, until: number): (range: Range) => Range | null {
  if (until === 0 || ASCII.test(text)) return (range) => range;
  const starts: number[] = [];
  const written: number[] = [];
  let length = 0;
  let joined = '';
  for (const { 0: part, index } of text.matchAll(PART)) {
    if (length >= until) break;
    starts.push(length);
    written.push(index);
    const own = normalise(part);
    joined += own;
    length += own.length;
    if (length >= until) written.push(index + part.length);
  }
  // A part that is not normalised by itself would shift all that follows: better no place than a wrong one.
  const same = joined.replace(FINAL_SIGMA, 'σ') === normalised.slice(0, length).replace(FINAL_SIGMA, 'σ');
  if (!same || length < until) return () => null;
  const partAt = (offset: number): number => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return ({ start, end }) => ({
    start: written[partAt(start)] as number,
    end: written[partAt(end - 1) + 1] as number,
  });
}
