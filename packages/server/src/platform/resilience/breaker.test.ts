import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.js';

function makeBreaker() {
  const transitions: string[] = [];
  const clock = { now: 0 };
  const breaker = new Breaker({
    name: 'database',
    failures: 5,
    openMs: 30_000,
    onTransition: (from, to) => transitions.push(`${from}>${to}`),
    now: () => clock.now,
  });
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) {
      breaker.enter();
      breaker.failed();
    }
  };
  return { breaker, transitions, clock, fail };
}

describe('breaker (R4)', () => {
  it('opens at the fifth failure in a row, not at five failures with a success between', () => {
    const { breaker, fail } = makeBreaker();
    fail(4);
    breaker.enter();
    breaker.succeeded();
    fail(4);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
  });

  it('refuses while open and says when to come back', () => {
    const { breaker, clock, fail } = makeBreaker();
    fail(5);
    clock.now = 10_000;
    expect(() => breaker.enter()).toThrow(expect.objectContaining({ code: 'unavailable', retryAfterMs: 20_000 }));
  });

  it('lets one probe through after 30 s; its success closes, its failure opens again', () => {
    const { breaker, clock, fail, transitions } = makeBreaker();
    fail(5);
    clock.now = 30_000;
    breaker.enter();
    expect(() => breaker.enter()).toThrow();
    breaker.failed();
    expect(() => breaker.enter()).toThrow();
    clock.now = 60_000;
    breaker.enter();
    breaker.succeeded();
    breaker.enter();
    expect(transitions).toEqual([
      'closed>open',
      'open>half_open',
      'half_open>open',
      'open>half_open',
      'half_open>closed',
    ]);
  });

  it('takes the next caller for the probe when the first came to nothing', () => {
    const { breaker, clock, fail } = makeBreaker();
    fail(5);
    breaker.cancelled();
    expect(() => breaker.enter()).toThrow();
    clock.now = 30_000;
    breaker.enter();
    breaker.cancelled();
    breaker.enter();
    expect(() => breaker.enter()).toThrow();
    breaker.succeeded();
    expect(breaker.state).toBe('closed');
  });

  it('does not stay half open when the probe never reports', () => {
    const { breaker, clock, fail } = makeBreaker();
    fail(5);
    clock.now = 30_000;
    breaker.enter();
    clock.now = 60_000;
    breaker.enter();
    breaker.succeeded();
    expect(breaker.state).toBe('closed');
  });
});
