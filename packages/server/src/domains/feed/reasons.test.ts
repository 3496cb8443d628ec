import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packReasons, REASON_BYTES, unpackReasons } from './reasons.js';

const part = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }).map((thousandths) => thousandths / 1_000);

it('keeps why each post is there, exactly to the thousandth that is told', () => {
  const parts = fc.record({ recency: part, likes: part, follow: part, diversity: part });
  const reason = fc.record({ source: fc.constantFrom('own' as const, 'followee' as const, 'popular' as const), parts });
  fc.assert(
    fc.property(fc.array(reason, { maxLength: 20 }), (reasons) => {
      const packed = packReasons(reasons);
      expect(packed).toHaveLength(reasons.length * REASON_BYTES);
      expect(unpackReasons(packed)).toEqual(reasons);
      // A slice of the column is a slice of the reasons.
      expect(unpackReasons(packed.subarray(REASON_BYTES))).toEqual(reasons.slice(1));
    }),
  );
});

it('holds what is beyond its numbers at their ends', () => {
  const ancient = { recency: -1e9, likes: 0, follow: 0, diversity: 0 };
  expect(unpackReasons(packReasons([{ source: 'own', parts: ancient }]))[0]?.parts?.recency).toBe(
    -(2 ** 31 - 1) / 1_000,
  );
});
