import { describe, expect, it } from 'vitest';
import { MessageSet } from './message-set.js';

describe('messages that wait', () => {
  it('are taken oldest first, each once', () => {
    const set = new MessageSet(10);
    for (const payload of ['a', 'b', 'a', 'c']) set.add({ topic: 't', payload });
    expect(set.take(2).map((message) => message.payload)).toEqual(['a', 'b']);
    expect(set.take(9).map((message) => message.payload)).toEqual(['c']);
    expect(set.size).toBe(0);
  });

  it('become one a topic, without content, beyond the limit', () => {
    const set = new MessageSet(100);
    for (let count = 0; count < 10_000; count += 1) set.add({ topic: `t${count % 3}`, payload: `${count}` });
    expect(set.take(1_000)).toEqual(['t0', 't1', 't2'].map((topic) => ({ topic, payload: undefined })));
  });
});
