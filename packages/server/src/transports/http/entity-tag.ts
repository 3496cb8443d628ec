import { hash } from 'node:crypto';

/**
 * A weak entity tag of an answer's bytes before compression: weak, because the compressed forms share it
 * (RFC 9110, 8.8.3.3). SHA-1 is the fastest hash with hardware support here; nothing rests on its secrecy.
 */
export function entityTagOf(payload: string | Buffer): string {
  return `W/"${hash('sha1', payload, 'base64url')}"`;
}

/** `If-None-Match` against a tag, by the weak comparison that RFC 9110, 13.1.2 asks for. */
export function matchesEntityTag(header: string, tag: string): boolean {
  if (header === tag) return true;
  if (header.trim() === '*') return true;
  const opaque = opaqueOf(tag);
  // Tags of this server hold no comma, so a foreign one that does is cut in two and matches nothing.
  return header.split(',').some((candidate) => opaqueOf(candidate.trim()) === opaque);
}

function opaqueOf(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
