import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAT } from './heat.js';
import { type Candidate, DIVERSITY_STEP, FOLLOW_BONUS, HALF_LIFE_MS, rankCandidates, scoreOf } from './score.js';

const NOW = Date.UTC(2026, 0, 15);
const at = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z');

const candidate = fc
  .record({
    id: fc.uuid(),
    authorId: fc.constantFrom('ann', 'ben', 'cleo'),
    ageMs: fc.nat({ max: 20 * HALF_LIFE_MS }),
    likeCount: fc.nat({ max: 5_000 }),
    source: fc.constantFrom<Candidate['source']>('own', 'followee', 'popular'),
  })
  .map(({ ageMs, ...rest }): Candidate => ({ ...rest, createdAt: at(NOW - ageMs) }));
const candidates = fc.uniqueArray(candidate, { maxLength: 40, selector: ({ id }) => id });
const idsOf = (given: readonly Candidate[], now = NOW) => rankCandidates(given, now).map(({ id }) => id);
const one = (change: Partial<Candidate> = {}): Candidate => ({
  id: 'id',
  authorId: 'ann',
  createdAt: at(NOW),
  likeCount: 0,
  source: 'popular',
  ...change,
});

describe('the score of a ranked feed', () => {
  it('orders all of them, none twice, best first, in whatever order they come', () => {
    fc.assert(
      fc.property(candidates, fc.func(fc.nat()), (given, key) => {
        const ranked = rankCandidates(given, NOW);
        expect(ranked.map(({ id }) => id).sort()).toEqual(given.map(({ id }) => id).sort());
        const scores = ranked.map(({ parts }) => scoreOf(parts));
        // Parts are told in thousandths: scores that differ by less may change places.
        for (const [index, score] of scores.entries()) expect(score).toBeLessThan((scores[index - 1] ?? 1e9) + 0.003);
        const shuffled = [...given].sort((a, b) => key(a.id) - key(b.id));
        expect(idsOf(shuffled)).toEqual(idsOf(given));
      }),
    );
  });

  it('takes the first of those with one id', () => {
    fc.assert(
      fc.property(candidates, (given) => {
        const again = given.map((each): Candidate => ({ ...each, source: 'popular', likeCount: 9_999 }));
        expect(rankCandidates([...given, ...again], NOW)).toEqual(rankCandidates(given, NOW));
      }),
    );
  });

  it('keeps its order while time passes', () => {
    fc.assert(
      fc.property(candidates, fc.nat({ max: 100 * HALF_LIFE_MS }), (given, later) => {
        // Differences of a rounding in the sixteenth digit may decide between equals.
        const [before, after] = [rankCandidates(given, NOW), rankCandidates(given, NOW + later)];
        for (const [index, { parts }] of before.entries()) {
          const moved = after[index] as (typeof after)[number];
          const shift = scoreOf(parts) - scoreOf(moved.parts) - later / HALF_LIFE_MS;
          expect(Math.abs(shift)).toBeLessThan(0.004);
        }
      }),
    );
  });

  it('never moves a post down for more likes, less age or a follow', () => {
    const better = fc.constantFrom<(each: Candidate) => Candidate>(
      (each) => ({ ...each, likeCount: each.likeCount * 2 + 1 }),
      (each) => ({ ...each, createdAt: at(Math.min(NOW, Date.parse(each.createdAt) + HALF_LIFE_MS)) }),
      (each) => ({ ...each, source: 'followee' }),
    );
    fc.assert(
      fc.property(candidates, fc.nat(), better, (given, pick, improve) => {
        const chosen = given[pick % Math.max(given.length, 1)];
        if (chosen === undefined) return;
        const improved = given.map((each) => (each === chosen ? improve(each) : each));
        expect(idsOf(improved).indexOf(chosen.id)).toBeLessThanOrEqual(idsOf(given).indexOf(chosen.id));
      }),
    );
  });

  it('has each further post by one author give way by a step', () => {
    fc.assert(
      fc.property(candidates, (given) => {
        for (const author of ['ann', 'ben', 'cleo']) {
          const authorOf = new Map(given.map(({ id, authorId }) => [id, authorId]));
          const own = rankCandidates(given, NOW).filter(({ id }) => authorOf.get(id) === author);
          expect(own.map(({ parts }) => parts.diversity)).toEqual(
            own.map((_, index) => (index === 0 ? 0 : -DIVERSITY_STEP * index)),
          );
        }
      }),
    );
  });

  it('is what docs say', () => {
    const partsOf = (change: Partial<Candidate>) => rankCandidates([one(change)], NOW)[0]?.parts;
    expect(partsOf({})).toEqual({ recency: 0, likes: 0, follow: 0, diversity: 0 });
    expect(partsOf({ createdAt: at(NOW - 2 * HALF_LIFE_MS), likeCount: 15, source: 'followee' })).toEqual({
      recency: -2,
      likes: 2,
      follow: FOLLOW_BONUS,
      diversity: 0,
    });
    expect(partsOf({ createdAt: at(NOW + HALF_LIFE_MS) })?.recency).toBe(0);
    // A stranger's new post with 63 likes stands where a followee's does.
    expect(partsOf({ likeCount: 63 })?.likes).toBe(FOLLOW_BONUS);
  });

  it('orders popular posts by different authors as their heat does', () => {
    fc.assert(
      fc.property(candidates, (given) => {
        const strangers = given.map((each, index): Candidate => ({ ...each, authorId: `${index}`, source: 'popular' }));
        const heatOf = ({ likeCount, createdAt }: Candidate) =>
          HEAT.likesWeight * Math.log2(1 + likeCount) + Date.parse(createdAt) / HEAT.halfLifeMs;
        const heats = idsOf(strangers).map((id) => heatOf(strangers.find((each) => each.id === id) as Candidate));
        for (const [index, heat] of heats.entries()) expect(heat).toBeLessThan((heats[index - 1] ?? 1e9) + 1e-9);
      }),
    );
  });
});
