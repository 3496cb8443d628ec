import { MAX_ENTITIES, MAX_HASHTAG_LENGTH, MAX_HASHTAGS, MAX_MENTIONS } from './limits.js';
import { normalise, originsOf, type Range } from './normalise.js';

/**
 * `#` with letters, digits and `_`; marks only after the first, or the keycap emoji (`#`, U+FE0F, U+20E3) would
 * be one. Not inside a word, a character reference (`&#39;`) or a URL (`/#top`). One pass, no backtracking.
 */
const HASHTAG = /(?<![\p{L}\p{N}\p{M}_&/])#([\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*)/gu;
const WHOLE_HASHTAG = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*$/u;
/** `@` with a handle; neither an e-mail address nor an account elsewhere (`@name@host`). */
const MENTION = /(?<![\p{L}\p{N}\p{M}_@.])@([a-z0-9_]{3,30})(?![\p{L}\p{N}\p{M}_@])/gu;

/** Where a hashtag or handle stands in the body as written, its sign included: UTF-16 code units, `end` exclusive. */
export interface Occurrence extends Range {
  /** Normalised, without its sign. */
  readonly name: string;
}

export interface ParsedBody {
  /** Normalised, distinct, in order of appearance; at most 30. */
  readonly hashtags: readonly string[];
  /** Distinct, in order of appearance; at most 50, not all of which need be someone's. */
  readonly handles: readonly string[];
  /** Of `hashtags`, in order; at most 100, and as many of `handles`. */
  readonly hashtagsAt: readonly Occurrence[];
  readonly handlesAt: readonly Occurrence[];
}

/**
 * Finds the hashtags and mentions of a text, in linear time. Both are compared in NFKC and small letters, so that
 * full-width signs and letters count as what they look like.
 */
export function parseBody(body: string): ParsedBody {
  const text = normalise(body);
  const hashtags = findNames(text, HASHTAG, MAX_HASHTAGS, isShortEnough);
  const handles = findNames(text, MENTION, MAX_MENTIONS, () => true);
  const found = [hashtags.places.at(-1), handles.places.at(-1)];
  const origins = originsOf(body, text, Math.max(0, ...found.map((place) => place?.end ?? 0)));
  const inBody = ({ start, end, name }: Occurrence): Occurrence[] => {
    const range = origins({ start, end });
    return range === null ? [] : [{ ...range, name }];
  };
  return {
    hashtags: [...hashtags.names],
    handles: [...handles.names],
    hashtagsAt: hashtags.places.flatMap(inBody),
    handlesAt: handles.places.flatMap(inBody),
  };
}

/** The distinct names, and where they stand in the normalised text. */
function findNames(text: string, pattern: RegExp, max: number, accepts: (name: string) => boolean) {
  const names = new Set<string>();
  const places: Occurrence[] = [];
  for (const { 0: whole, 1: name = '', index } of text.matchAll(pattern)) {
    if (names.size < max && accepts(name)) names.add(name);
    if (names.has(name) && places.length < MAX_ENTITIES) {
      places.push({ start: index, end: index + whole.length, name });
    }
    if (names.size === max && places.length === MAX_ENTITIES) break;
  }
  return { names, places };
}

/** A hashtag as it is stored, with or without `#` in front; `null` for what cannot be one. */
export function normaliseHashtag(hashtag: string): string | null {
  const name = normalise(hashtag).replace(/^#/, '');
  return WHOLE_HASHTAG.test(name) && isShortEnough(name) ? name : null;
}

function isShortEnough(hashtag: string): boolean {
  // A code point takes two UTF-16 units at most.
  return (
    hashtag.length <= MAX_HASHTAG_LENGTH ||
    (hashtag.length <= 2 * MAX_HASHTAG_LENGTH && codePoints(hashtag) <= MAX_HASHTAG_LENGTH)
  );
}

function codePoints(text: string): number {
  return [...text].length;
}
