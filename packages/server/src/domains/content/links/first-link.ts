import { MAX_LINK_LENGTH } from '../limits.js';

/** Ends at blanks, at what delimits a link in a text, and at the punctuation of CJK, which no address has unescaped. */
const LINK = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"'`{}|\\^。、，！？；：（）「」『』【】《》]+/giu;
/** What ends the sentence, not the address. */
const TRAILING = /[.,;:!?*_~)\]]+$/;

/**
 * The first http(s) link of a text as it is fetched: normalised, without fragment; null when there is none. A link with
 * a password or without a dot in its host is none that the world could follow.
 */
export function firstLink(body: string): string | null {
  for (const [found] of body.matchAll(LINK)) {
    const text = isBalanced(found) ? found.replace(/[.,;:!?*_~]+$/, '') : found.replace(TRAILING, '');
    if (!URL.canParse(text)) continue;
    const url = new URL(text);
    url.hash = '';
    const isPublic = url.hostname.includes('.') || url.hostname.includes(':');
    if (url.username === '' && url.password === '' && isPublic && url.href.length <= MAX_LINK_LENGTH) return url.href;
  }
  return null;
}

/** `https://en.wikipedia.org/wiki/Nova_(laser)` keeps its bracket. */
function isBalanced(text: string): boolean {
  return text.split('(').length === text.split(')').length && text.split('[').length === text.split(']').length;
}
