import { MAX_HASHTAG_LENGTH, MAX_HASHTAGS, MAX_MENTIONS } from './limits.js';

/**
 * `#` with letters, digits and `_`; marks only after the first, or the keycap emoji (`#`, U+FE0F, U+20E3) would
 * be one. Not inside a word, a character reference (`&#39;`) or a URL (`/#top`). One pass, no backtracking.
 */
const HASHTAG = /(?<![\p{L}\p{N}\p{M}_&/])#([\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*)/gu;
const WHOLE_HASHTAG = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*$/u;
/** `@` with a handle; neither an e-mail address nor an account elsewhere (`@name@host`). */
const MENTION = /(?<![\p{L}\p{N}\p{M}_@.])@([a-z0-9_]{3,30})(?![\p{L}\p{N}\p{M}_@])/gu;

export interface ParsedBody {
  /** Normalised, distinct, in order of appearance; at most 30. */
  readonly hashtags: readonly string[];
  /** Distinct, in order of appearance; at most 50, not all of which need be someone's. */
  readonly handles: readonly string[];
}

/**
 * Finds the hashtags and mentions of a text, in linear time. Both are compared in NFKC and small letters, so that
 * full-width signs and letters count as what they look like.
 */
export function parseBody(body: string): ParsedBody {
  const text = normalise(body);
  const hashtags = new Set<string>();
  for (const [, hashtag = ''] of text.matchAll(HASHTAG)) {
    if (hashtags.size === MAX_HASHTAGS) break;
    if (isShortEnough(hashtag)) hashtags.add(hashtag);
  }
  const handles = new Set<string>();
  for (const [, handle = ''] of text.matchAll(MENTION)) {
    if (handles.size === MAX_MENTIONS) break;
    handles.add(handle);
  }
  return { hashtags: [...hashtags], handles: [...handles] };
}

/** A hashtag as it is stored, with or without `#` in front; `null` for what cannot be one. */
export function normaliseHashtag(hashtag: string): string | null {
  const name = normalise(hashtag).replace(/^#/, '');
  return WHOLE_HASHTAG.test(name) && isShortEnough(name) ? name : null;
}

/** Small letters can leave NFKC again, hence the second pass. */
function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
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
