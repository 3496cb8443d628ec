import type { PostEntity } from '@nova/client';

/** A part of a text: words, or something that they stand for. */
export type Segment =
  | { readonly kind: 'text'; readonly start: number; readonly text: string }
  | { readonly kind: 'link'; readonly start: number; readonly text: string; readonly url: string }
  | { readonly kind: 'hashtag'; readonly start: number; readonly text: string; readonly hashtag: string }
  | { readonly kind: 'mention'; readonly start: number; readonly text: string };

/** Web addresses, without the sign that ends their sentence or the bracket around them. */
const LINK = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}’”]/giu;

/**
 * Cuts a text into its parts. The places of entities count UTF-16 code units, as strings here do, so emoji and letters
 * beyond the first 65,536 need no care. What lies outside of the text, or within another part, stays words.
 */
export function segmentsOf(body: string, entities: readonly PostEntity[]): Segment[] {
  const marked: Segment[] = entities.flatMap(({ type, start, end, hashtag }): Segment[] => {
    const text = body.slice(start, end);
    if (type === 'mention') return [{ kind: 'mention', start, text }];
    return hashtag === null ? [] : [{ kind: 'hashtag', start, text, hashtag }];
  });
  for (const { 0: text, index } of body.matchAll(LINK)) marked.push({ kind: 'link', start: index, text, url: text });
  marked.sort((a, b) => a.start - b.start);

  const segments: Segment[] = [];
  let at = 0;
  for (const segment of marked) {
    if (segment.text === '' || segment.start < at) continue;
    if (segment.start > at) segments.push({ kind: 'text', start: at, text: body.slice(at, segment.start) });
    segments.push(segment);
    at = segment.start + segment.text.length;
  }
  if (at < body.length) segments.push({ kind: 'text', start: at, text: body.slice(at) });
  return segments;
}

/**
 * What the server is going to find in a text that is being written, for the eye only: by its rules for `#hashtags` and
 * `@handles`, without knowing whether there is somebody of that name.
 */
const WRITTEN =
  /(?<![\p{L}\p{N}\p{M}_&/])[#＃][\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*|(?<![\p{L}\p{N}\p{M}_@.])[@＠][a-z0-9_]{3,30}(?![\p{L}\p{N}\p{M}_@])/giu;

/** The parts of a text that is being written: those that will be links, and the words between them. */
export function draftSegments(body: string): { readonly text: string; readonly isMarked: boolean }[] {
  const segments: { text: string; isMarked: boolean }[] = [];
  let at = 0;
  for (const { 0: text, index } of body.matchAll(WRITTEN)) {
    if (index > at) segments.push({ text: body.slice(at, index), isMarked: false });
    segments.push({ text, isMarked: true });
    at = index + text.length;
  }
  if (at < body.length) segments.push({ text: body.slice(at), isMarked: false });
  return segments;
}

/** The length of a text as the server counts it: code points. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
