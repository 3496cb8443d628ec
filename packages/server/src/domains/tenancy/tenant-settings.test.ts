import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSettingsRegistry, defineTenantSettings } from '../../platform/tenant-settings/index.js';
import { type IdentityNode, openIdentityNode } from '../../testing/identity-fixture.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { type CreatedTenant, createTenant } from './index.js';

/*
 * Settings of a tenant: typed, with defaults, stored as overrides, in force everywhere within a second.
 *
 * Seeded bugs that turn this red: a value that is kept for longer than its time; a setting of the operator that a tenant
 * can change; a patch that drops what it does not name.
 */

let database: TestDatabase;
let node: IdentityNode;
let other: IdentityNode;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await openIdentityNode(database);
  other = await openIdentityNode(database);
});
afterAll(async () => {
  await node?.close();
  await other?.close();
  await database?.drop();
});

const newTenant = () => createTenant(node.database, { name: 'Set', plan: 'free' });
const backend = ({ tenant }: CreatedTenant) => ({ principal: { tenant, secret: true } });
const visitor = ({ tenant }: CreatedTenant) => ({ principal: { tenant } });
let made = 0;
const signUp = (on: IdentityNode, tenant: CreatedTenant) => {
  const handle = `setter_${++made}`;
  return on.call('signUp', { handle, email: `${handle}@example.org`, password: 'long enough' }, visitor(tenant));
};

describe('GET and PATCH /tenant', () => {
  it('answer the whole document, defaults included; a change keeps what it does not name', async () => {
    const tenant = await newTenant();
    const quotas = {
      tenantRatePerMinute: null,
      callerRatePerMinute: null,
      tenantConcurrency: null,
      callerConcurrency: null,
    };
    const before = { identity: { signUpOpen: true }, quotas };
    expect(await node.call('getTenant', {}, backend(tenant))).toEqual({
      id: tenant.tenant.id,
      name: 'Set',
      plan: 'free',
      createdAt: expect.any(String),
      settings: before,
    });
    const patch = { settings: { identity: { signUpOpen: false } } };
    expect(await node.call('updateTenant', patch, backend(tenant))).toMatchObject({
      name: 'Set',
      settings: { ...before, identity: { signUpOpen: false } },
    });
    expect(await node.call('updateTenant', { name: ' New ' }, backend(tenant))).toMatchObject({
      name: 'New',
      settings: { identity: { signUpOpen: false } },
    });
    const reset = { settings: { identity: { signUpOpen: null } } };
    expect(await node.call('updateTenant', reset, backend(tenant))).toMatchObject({ settings: before });
  });

  it('refuse what is no setting, no value of it, or the operator’s to set', async () => {
    const tenant = await newTenant();
    for (const settings of [
      { identity: { signUpOpen: 'yes' } },
      { identity: { nothing: true } },
      { quotas: { tenantConcurrency: 4_000 } },
      { another: {} },
    ]) {
      await expect(node.call('updateTenant', { settings }, backend(tenant))).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
    for (const name of ['', '   ', 'x'.repeat(101)]) {
      await expect(node.call('updateTenant', { name }, backend(tenant))).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });

  it('lose no change of two at once', async () => {
    const tenant = await newTenant();
    const client = await connectTo(database.superuserUrl);
    // All of them begin before the first can end.
    await client.query(`begin; select from nova.tenants where tenant_id = '${tenant.tenant.id}' for update`);
    const changes = Promise.all([
      node.call('updateTenant', { name: 'Both' }, backend(tenant)),
      other.call('updateTenant', { settings: { identity: { signUpOpen: false } } }, backend(tenant)),
      node.tenancy.management.set(tenant.tenant.id, { settings: { quotas: { callerConcurrency: 3 } } }),
    ]);
    const waiting = async () => {
      // Within a transaction the first look is what all others see.
      await client.query('select pg_stat_clear_snapshot()');
      const { rows } = await client.query(`
        select count(*)::int as n from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()`);
      return rows[0].n;
    };
    await expect.poll(waiting).toBe(3);
    await client.query('commit');
    await client.end();
    await changes;
    expect(await node.call('getTenant', {}, backend(tenant))).toMatchObject({
      name: 'Both',
      settings: { identity: { signUpOpen: false }, quotas: { callerConcurrency: 3 } },
    });
  });
});

describe('a change', () => {
  it('closes sign-up at once here, and within a second on another process', async () => {
    const tenant = await newTenant();
    await Promise.all([signUp(node, tenant), signUp(other, tenant)]);
    const patch = { settings: { identity: { signUpOpen: false } } };
    await node.call('updateTenant', patch, backend(tenant));
    const changedAt = performance.now();
    await expect(signUp(node, tenant)).rejects.toMatchObject({ code: 'sign_up_closed', kind: { status: 403 } });
    for (;;) {
      const outcome = await signUp(other, tenant).catch((error: { code: string }) => error.code);
      if (outcome === 'sign_up_closed') break;
      expect(performance.now() - changedAt).toBeLessThan(1_000);
    }
    // Nobody else's.
    await signUp(other, await newTenant());
  });

  it('of plan and quotas by the operator reaches those who call', async () => {
    const tenant = await newTenant();
    expect(await other.tenancy.openTenant(tenant.tenant.id)).toEqual({ id: tenant.tenant.id, plan: 'free' });
    await node.tenancy.management.set(tenant.tenant.id, {
      plan: 'pro',
      settings: { quotas: { tenantConcurrency: 7 } },
    });
    const changedAt = performance.now();
    const expected = { id: tenant.tenant.id, plan: 'pro', quotas: { tenantConcurrency: 7 } };
    for (;;) {
      const found = await other.tenancy.openTenant(tenant.tenant.id);
      if (found?.plan === 'pro') {
        expect(found).toEqual(expected);
        break;
      }
      expect(performance.now() - changedAt).toBeLessThan(1_000);
      await new Promise(setImmediate);
    }
  });

  it('is read once for a thousand questions at once', async () => {
    const { tenant } = await newTenant();
    node.statements();
    await Promise.all(Array.from({ length: 1_000 }, () => node.tenancy.openTenant(tenant.id)));
    expect(node.statements()).toEqual(['tenancy.openTenants']);
  });
});

describe('the registry', () => {
  const group = defineTenantSettings('toy', {
    size: {
      schema: Type.Integer({ minimum: 1, maximum: 9 }),
      default: 3,
      changedBy: 'tenant',
      description: 'How large',
    },
    word: {
      schema: Type.Union([Type.String({ maxLength: 5 }), Type.Null()]),
      default: null,
      changedBy: 'operator',
      description: 'Which',
    },
  });
  const registry = createSettingsRegistry([group]);

  it('takes the default for values of another version, and keeps those for it', () => {
    expect(registry.values({ toy: { size: 12, word: 'abc', later: 1 }, gone: { x: 1 } })).toEqual({
      toy: { size: 3, word: 'abc' },
    });
    expect(registry.apply({ toy: { later: 1 }, gone: { x: 1 } }, { toy: { size: 4 } })).toEqual({
      toy: { later: 1, size: 4 },
      gone: { x: 1 },
    });
  });

  it('stores overrides only', () => {
    expect(registry.apply({}, { toy: { size: 3 } })).toEqual({});
    expect(registry.apply({ toy: { size: 4, word: 'a' } }, { toy: { size: null } })).toEqual({ toy: { word: 'a' } });
    expect(registry.apply({ toy: { size: 4 } }, { toy: { size: null } })).toEqual({});
  });

  it('describes itself to GraphQL', () => {
    expect(registry.typeDefs).toMatch(/type ToySettings \{[^}]*size: Int!\n[^}]*word: String\n/);
    expect(registry.typeDefs).toMatch(/input ToySettingsPatch \{[^}]*size: Int\n {2}\}/);
  });

  it('refuses a group that is there twice', () => {
    expect(() => createSettingsRegistry([group, group])).toThrow(/toy/);
  });
});
