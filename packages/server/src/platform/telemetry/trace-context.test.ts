import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTraceparent, newTraceContext, parseTraceparent, traceContextFrom } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it('reads what the recommendation allows', () => {
    const expected = { traceId: TRACE, spanId: SPAN, sampled: true, origin: 'remote' };
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(expected);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)).toEqual({ ...expected, sampled: false });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)).toEqual(expected);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes-later`)).toEqual(expected);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['more after version 00', `00-${TRACE}-${SPAN}-01-x`],
    ['no separator before more', `cc-${TRACE}-${SPAN}-01x`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a zero trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a zero span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['surrounding space', ` 00-${TRACE}-${SPAN}-01`],
    ['a trailing newline', `00-${TRACE}-${SPAN}-01\n`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['a huge header', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(500)}`],
  ])('refuses %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
    const fresh = traceContextFrom(header);
    expect(fresh.origin).toBe('new');
    expect(fresh.traceId).not.toBe(TRACE);
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseTraceparent(text) === undefined));
  });
});

describe('newTraceContext', () => {
  it('makes ids that are read back, and none twice', () => {
    const contexts = Array.from({ length: 1000 }, () => newTraceContext());
    for (const context of contexts) {
      expect(parseTraceparent(formatTraceparent(context))).toEqual({ ...context, origin: 'remote' });
    }
    expect(new Set(contexts.map(({ traceId }) => traceId)).size).toBe(1000);
    expect(new Set(contexts.map(({ spanId }) => spanId)).size).toBe(1000);
    expect(formatTraceparent(newTraceContext(false))).toMatch(/-00$/);
  });
});
