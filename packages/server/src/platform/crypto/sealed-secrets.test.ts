import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSealer } from './sealed-secrets.js';

const sealer = createSealer('a secret of at least thirty-two characters');

it('gives back what was sealed, and shows nothing of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (secret, context) => {
      fc.pre(secret.isWellFormed());
      const sealed = sealer.seal(secret, context);
      expect(sealer.open(sealed, context)).toBe(secret);
      if (secret.length > 3) expect(sealed.includes(secret)).toBe(false);
      expect(sealer.seal(secret, context).equals(sealed)).toBe(false);
    }),
  );
});

// Seeded bug: no additional data, so that a secret that is moved to another row opens there.
it('opens with the same key in the same place only, and nothing that was changed', () => {
  const sealed = sealer.seal('secret', 'here');
  expect(() => sealer.open(sealed, 'there')).toThrow();
  expect(() => createSealer('another secret of thirty-two characters!').open(sealed, 'here')).toThrow();
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => sealer.open(changed, 'here')).toThrow();
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(() => sealer.open(sealed.subarray(0, length), 'here')).toThrow();
  }
});
