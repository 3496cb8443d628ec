/** What a post's place in a ranked feed is made of, in half-lives: each 1 is worth twelve hours of age. */
export interface ScoreParts {
  /** 0 for a post of this moment, minus 1 for each half-life of age. */
  readonly recency: number;
  /** Half of the logarithm to the base 2 of likes + 1: four times the likes count for one half-life. */
  readonly likes: number;
  /** For posts of those whom the viewer follows, and of the viewer. */
  readonly follow: number;
  /** Minus a half for each better post by the same author. */
  readonly diversity: number;
}

export type CandidateSource = 'own' | 'followee' | 'popular';

/** A post that may come into a ranked feed. */
export interface Candidate {
  readonly id: string;
  readonly authorId: string;
  /** RFC 3339 with microseconds. */
  readonly createdAt: string;
  readonly likeCount: number;
  readonly source: CandidateSource;
}

export interface RankedPost {
  readonly id: string;
  readonly source: CandidateSource;
  readonly parts: ScoreParts;
}

export const HALF_LIFE_MS = 12 * 3_600_000;
export const LIKES_WEIGHT = 0.5;
/** A followee's new post stands where a stranger's does that 63 people like. */
export const FOLLOW_BONUS = 3;
export const DIVERSITY_STEP = 0.5;

/** Parts are kept and told as numbers with so many decimals. */
const PRECISION = 1_000;

/**
 * Orders candidates by score, best first; of one id the first given stays. As age counts linearly, time passes all by
 * alike: the order changes by likes and new posts only. Equal scores are in the order of time, then of ids.
 * @param nowMs later posts count as of now
 */
export function rankCandidates(candidates: readonly Candidate[], nowMs: number): RankedPost[] {
  const unique = new Map<string, Candidate>();
  for (const candidate of candidates) if (!unique.has(candidate.id)) unique.set(candidate.id, candidate);
  const scored = [...unique.values()].map((candidate) => {
    const recency = Math.min(0, (Date.parse(candidate.createdAt) - nowMs) / HALF_LIFE_MS);
    const likes = LIKES_WEIGHT * Math.log2(1 + candidate.likeCount);
    const follow = candidate.source === 'popular' ? 0 : FOLLOW_BONUS;
    return { candidate, recency, likes, follow, score: recency + likes + follow };
  });
  scored.sort(byScore);
  const betterByAuthor = new Map<string, number>();
  const spread = scored.map((post) => {
    const better = betterByAuthor.get(post.candidate.authorId) ?? 0;
    betterByAuthor.set(post.candidate.authorId, better + 1);
    const diversity = better === 0 ? 0 : -DIVERSITY_STEP * better;
    return { ...post, diversity, score: post.score + diversity };
  });
  spread.sort(byScore);
  return spread.map(({ candidate: { id, source }, recency, likes, follow, diversity }) => ({
    id,
    source,
    parts: { recency: rounded(recency), likes: rounded(likes), follow, diversity },
  }));
}

export function scoreOf({ recency, likes, follow, diversity }: ScoreParts): number {
  return rounded(recency + likes + follow + diversity);
}

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
}

function byScore(a: Scored, b: Scored): number {
  if (a.score !== b.score) return b.score - a.score;
  const [x, y] = [a.candidate, b.candidate];
  if (x.createdAt !== y.createdAt) return x.createdAt < y.createdAt ? 1 : -1;
  return x.id < y.id ? 1 : -1;
}

/** Never minus zero, which JSON does not know. */
function rounded(value: number): number {
  return Math.round(value * PRECISION) / PRECISION + 0;
}
