import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrincipalChanges, slotOf } from './principal-changes.js';

const NOTED = '01900000-0000-7000-8000-00000000abcd';
const OTHER = '01900000-0000-7000-8000-00000000abce';
const slots = (tenantId: string, userId: string) => [slotOf(tenantId), slotOf(userId)] as const;

describe('changes of users and tenants', () => {
  it('end what was looked up before them, by user or by tenant, and nothing later', () => {
    const changes = new PrincipalChanges();
    const before = changes.moment;
    changes.note([NOTED]);
    for (const ids of [slots(NOTED, OTHER), slots(OTHER, NOTED)]) {
      expect(changes.unchanged(before, ...ids)).toBe(false);
      expect(changes.unchanged(changes.moment, ...ids)).toBe(true);
    }
    expect(changes.unchanged(before, ...slots(OTHER, OTHER))).toBe(true);
  });

  // Seeded bug: taking the moment after the look-up.
  it('end a look-up that was under way', () => {
    const changes = new PrincipalChanges();
    changes.note([OTHER]);
    const begun = changes.moment;
    changes.note([NOTED]);
    expect(changes.unchanged(begun, ...slots(OTHER, NOTED))).toBe(false);
  });

  it('have a place for every id', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const changes = new PrincipalChanges();
        changes.note([id]);
        expect(changes.unchanged(0, slotOf(id), slotOf(id))).toBe(false);
      }),
    );
  });
});
