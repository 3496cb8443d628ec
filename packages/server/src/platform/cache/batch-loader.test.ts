import { describe, expect, it } from 'vitest';
import { createBatchLoader } from './index.js';

/** A loader of squares whose queries end when they are told to. */
function setUp(options: { maxBatch?: number; maxWaiting?: number } = {}) {
  const queries: { keys: readonly number[]; end(error?: Error): void }[] = [];
  const load = createBatchLoader<number, number>({
    maxBatch: 100,
    maxWaiting: 100,
    ...options,
    load: (keys) =>
      new Promise((resolve, reject) => {
        const values = new Map(keys.filter((key) => key >= 0).map((key) => [key, key * key]));
        queries.push({ keys, end: (error) => (error ? reject(error) : resolve(values)) });
      }),
  });
  return { queries, load };
}
const turn = () => new Promise(setImmediate);

describe('createBatchLoader', () => {
  it('has one query under way and gathers the rest for the next', async () => {
    const { queries, load } = setUp();
    const answers = [2, 3, 4, 3, -1].map((key) => load(key));
    expect(queries.map(({ keys }) => keys)).toEqual([[2]]);
    queries[0]!.end();
    await turn();
    expect(queries.map(({ keys }) => keys)).toEqual([[2], [3, 4, -1]]);
    queries[1]!.end();
    expect(await Promise.all(answers)).toEqual([4, 9, 16, 9, undefined]);
    void load(5);
    expect(queries).toHaveLength(3);
    queries[2]!.end();
  });

  it('fails those who shared a query and goes on', async () => {
    const { queries, load } = setUp();
    const first = load(1);
    const second = load(2);
    queries[0]!.end(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turn();
    queries[1]!.end();
    expect(await second).toBe(4);
  });

  it('bounds a query and the line', async () => {
    const { queries, load } = setUp({ maxBatch: 2, maxWaiting: 3 });
    const answers = [1, 2, 3, 4].map((key) => load(key));
    await expect(load(5)).rejects.toMatchObject({ code: 'overloaded' });
    for (const index of [0, 1, 2]) {
      queries[index]!.end();
      await turn();
    }
    expect(queries.map(({ keys }) => keys)).toEqual([[1], [2, 3], [4]]);
    expect(await Promise.all(answers)).toEqual([1, 4, 9, 16]);
  });
});
