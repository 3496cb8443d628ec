import type { CandidateSource, ScoreParts } from './score.js';

/** Why a post is in a feed; parts of a score where the feed is ranked. */
export interface Reason {
  readonly source: CandidateSource | 'hashtag';
  readonly parts: ScoreParts | null;
}

const SOURCES: readonly CandidateSource[] = ['own', 'followee', 'popular'];
const PART_BYTES = 4;
/** Of one post: its source and four parts as thousandths. */
export const REASON_BYTES = 1 + 4 * PART_BYTES;
const THOUSANDTHS = 1_000;
const MAX_THOUSANDTHS = 2 ** 31 - 1;

/** As the column `reasons` of a session holds them. */
export function packReasons(
  reasons: readonly { readonly source: CandidateSource; readonly parts: ScoreParts }[],
): Buffer {
  const packed = Buffer.alloc(reasons.length * REASON_BYTES);
  for (const [index, { source, parts }] of reasons.entries()) {
    const at = index * REASON_BYTES;
    packed.writeUInt8(SOURCES.indexOf(source), at);
    const values = [parts.recency, parts.likes, parts.follow, parts.diversity];
    for (const [place, value] of values.entries()) {
      const thousandths = Math.max(-MAX_THOUSANDTHS, Math.min(MAX_THOUSANDTHS, Math.round(value * THOUSANDTHS)));
      packed.writeInt32BE(thousandths, at + 1 + place * PART_BYTES);
    }
  }
  return packed;
}

export function unpackReasons(packed: Buffer): Reason[] {
  return Array.from({ length: packed.length / REASON_BYTES }, (_, index) => {
    const at = index * REASON_BYTES;
    const part = (place: number) => packed.readInt32BE(at + 1 + place * PART_BYTES) / THOUSANDTHS;
    return {
      source: SOURCES[packed.readUInt8(at)] ?? 'followee',
      parts: { recency: part(0), likes: part(1), follow: part(2), diversity: part(3) },
    };
  });
}
