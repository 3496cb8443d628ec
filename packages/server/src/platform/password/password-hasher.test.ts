import { describe, expect, it } from 'vitest';
import { createPasswordHasher, type HashObservation } from './index.js';

/** As little as argon2 allows, where a test is about something else than cost. */
const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };
const cheap = () => createPasswordHasher({ concurrency: 2, maxWaiting: 1_000, parameters: CHEAP });

describe('hash and verify', () => {
  it('makes argon2id with 19 MiB, two passes and one lane', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maxWaiting: 0 });
    const phc = await hasher.hash('correct horse');
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(phc, 'correct horse')).toBe(true);
    expect(await hasher.verify(phc, 'correct horsf')).toBe(false);
  });

  it('salts', async () => {
    const hasher = cheap();
    expect(await hasher.hash('same')).not.toBe(await hasher.hash('same'));
  });

  it('takes the same characters in another form of Unicode for the same password', async () => {
    const hasher = cheap();
    const phc = await hasher.hash('ca\u0301fe\u0301 ﬁ');
    expect(await hasher.verify(phc, 'c\u00e1f\u00e9 fi')).toBe(true);
  });

  it('checks a dummy of the same parameters for unknown accounts', async () => {
    const observed: HashObservation[] = [];
    const hasher = createPasswordHasher({
      concurrency: 1,
      maxWaiting: 0,
      parameters: CHEAP,
      observe: (observation) => observed.push(observation),
    });
    expect(await hasher.verifyDummy('anything')).toBe(false);
    expect(observed).toMatchObject([{ action: 'verify', outcome: 'ok' }]);
  });

  it('asks for a new hash when the parameters have changed', async () => {
    const old = cheap();
    const next = createPasswordHasher({ concurrency: 1, maxWaiting: 0, parameters: { ...CHEAP, passes: 2 } });
    const phc = await old.hash('password');
    expect(old.needsRehash(phc)).toBe(false);
    expect(next.needsRehash(phc)).toBe(true);
    expect(await next.verify(phc, 'password')).toBe(true);
    expect(next.needsRehash(await next.hash('password'))).toBe(false);
    expect(next.needsRehash(phc.replace('argon2id', 'argon2i').replace('t=1', 't=2'))).toBe(true);
  });
});

describe('the queue', () => {
  it('runs at most `concurrency`, lets `maxWaiting` wait and refuses the rest at once', async () => {
    const observed: HashObservation[] = [];
    const hasher = createPasswordHasher({
      concurrency: 2,
      maxWaiting: 3,
      observe: (observation) => observed.push(observation),
    });
    const outcomes = Array.from({ length: 9 }, () => hasher.hash('password'));
    expect(hasher.running).toBe(2);
    expect(hasher.waiting).toBe(3);
    const settled = await Promise.allSettled(outcomes);
    expect(settled.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill('fulfilled'),
      ...Array<string>(4).fill('rejected'),
    ]);
    expect(settled[8]).toMatchObject({ reason: { code: 'overloaded', retryAfterMs: expect.any(Number) } });
    expect(observed.filter(({ outcome }) => outcome === 'refused')).toHaveLength(4);
    expect([hasher.running, hasher.waiting]).toEqual([0, 0]);
    expect(await hasher.hash('again')).toMatch(/^\$argon2id/);
  });

  it('drops who has gone from the line', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maxWaiting: 2 });
    const first = hasher.hash('password');
    const gone = new AbortController();
    const second = hasher.hash('password', gone.signal);
    const third = hasher.hash('password');
    gone.abort();
    await expect(second).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(hasher.waiting).toBe(1);
    await Promise.all([first, third]);
    expect([hasher.running, hasher.waiting]).toEqual([0, 0]);
  });

  it('keeps its places when a task fails', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maxWaiting: 5, parameters: CHEAP });
    await Promise.allSettled(Array.from({ length: 4 }, () => hasher.verify('no hash', 'password')));
    expect(hasher.running).toBe(0);
    expect(await hasher.hash('password')).toMatch(/^\$argon2id/);
  });

  it('leaves the event loop free', async () => {
    const hasher = createPasswordHasher({ concurrency: 2, maxWaiting: 20 });
    let done = false;
    const hashes = Promise.all(Array.from({ length: 16 }, () => hasher.hash('password'))).then(() => {
      done = true;
    });
    let turns = 0;
    const spin = () => {
      if (done) return;
      turns += 1;
      setImmediate(spin);
    };
    setImmediate(spin);
    await hashes;
    // On the event loop the hashes would leave one turn to each of them at the most.
    expect(turns).toBeGreaterThan(16 * 4);
  });
});
