import { defineCommand } from 'citty';
import { KEY_SCOPES, type KeyScope } from '../platform/operation/index.js';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { checkId } from './tenant-ids.js';
import { deleteCommand, exportCommand, importCommand } from './tenant-transfer.js';
import { createTerminal, table } from './terminal.js';
import { UsageError, wholeNumber } from './usage-error.js';

type Plan = 'free' | 'pro' | 'enterprise';
const PLANS: Plan[] = ['free', 'pro', 'enterprise'];

const list = defineCommand({
  meta: { name: 'list', description: 'All tenants with plan and state' },
  run: () =>
    run(() =>
      withNova(async ({ tenants }) => {
        const terminal = createTerminal();
        const rows = [['id', 'plan', 'state', 'name']];
        for await (const { id, plan, state, name } of tenants.list()) rows.push([id, plan, state, name]);
        terminal.line(table(rows));
      }),
    ),
});

const tenantId = { type: 'positional', required: true, description: 'Id of the tenant' } as const;

const show = defineCommand({
  meta: { name: 'show', description: 'One tenant with all of its settings, as JSON' },
  args: { tenant: tenantId },
  run: ({ args }) =>
    run(() =>
      withNova(async ({ tenants }) => {
        createTerminal().line(JSON.stringify(await tenants.show(checkId(args.tenant)), undefined, 2));
      }),
    ),
});

const create = defineCommand({
  meta: { name: 'create', description: 'Make a tenant and its first keys, which are shown this once' },
  args: {
    name: { type: 'string', required: true, description: 'For people, 1 to 100 characters' },
    plan: { type: 'enum', options: PLANS, default: 'free', description: 'Sets the limits' },
  },
  run: ({ args }) =>
    run(() =>
      withNova(async (nova) => {
        const { tenant, publishableKey, secretKey } = await nova.createTenant({
          name: args.name,
          plan: args.plan as Plan,
        });
        const terminal = createTerminal();
        terminal.line(`tenant           ${tenant.id}`);
        terminal.line(`publishable key  ${publishableKey}`);
        terminal.line(`secret key       ${secretKey}`);
      }),
    ),
});

const set = defineCommand({
  meta: { name: 'set', description: 'Change name, plan or settings; acts within a second' },
  args: {
    tenant: tenantId,
    name: { type: 'string', description: 'For people' },
    plan: { type: 'enum', options: PLANS, description: 'Sets the limits' },
    settings: {
      type: 'string',
      description: `JSON: '{"quotas":{"tenantConcurrency":500}}'; null takes the default again`,
    },
  },
  run: ({ args: { tenant, name, plan, settings } }) =>
    run(() =>
      withNova(async ({ tenants }) => {
        const changed = await tenants.set(checkId(tenant), {
          ...(name === undefined ? {} : { name }),
          ...(plan === undefined ? {} : { plan: plan as Plan }),
          ...(settings === undefined ? {} : { settings: jsonOf(settings) }),
        });
        createTerminal().line(JSON.stringify(changed, undefined, 2));
      }),
    ),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError('--settings must be JSON', { cause: error });
  }
}

const keys = defineCommand({
  meta: { name: 'keys', description: 'The API keys of a tenant, never the keys themselves' },
  args: { tenant: tenantId },
  run: ({ args }) =>
    run(() =>
      withNova(async ({ tenants }) => {
        const rows = [['id', 'kind', 'begins', 'name', 'last used', 'ends', 'scopes']];
        for (const key of await tenants.keys(checkId(args.tenant))) {
          const end = key.revokedAt ?? key.expiresAt ?? '';
          rows.push([key.id, key.kind, key.hint, key.name, key.lastUsedAt ?? '', end, key.scopes?.join(',') ?? 'all']);
        }
        createTerminal().line(table(rows));
      }),
    ),
});

const createKey = defineCommand({
  meta: { name: 'create-key', description: 'Make an API key, which is shown this once' },
  args: {
    kind: {
      type: 'enum',
      options: ['publishable', 'secret'],
      required: true,
      description: 'For apps, or for backends',
    },
    tenant: { type: 'string', description: 'Id of the tenant; the default tenant if not given' },
    name: { type: 'string', description: 'For people' },
    scopes: { type: 'string', description: `Of a secret key, with commas: ${KEY_SCOPES.join(',')}; all if not given` },
  },
  run: ({ args: { kind, tenant, name, scopes } }) =>
    run(() =>
      withNova(async (nova) => {
        const { key } = await nova.issueKey(checkId(tenant ?? nova.defaultTenant.id), {
          kind: kind as 'publishable' | 'secret',
          ...(name === undefined ? {} : { name }),
          ...(scopes === undefined ? {} : { scopes: scopesOf(scopes) }),
        });
        createTerminal().line(key);
      }),
    ),
});

function scopesOf(text: string): KeyScope[] {
  return text.split(',').map((word) => {
    const scope = KEY_SCOPES.find((known) => known === word.trim());
    if (scope === undefined) throw new UsageError(`--scopes: ${word.trim()} is none of ${KEY_SCOPES.join(', ')}`);
    return scope;
  });
}

const MAX_OVERLAP_SECONDS = 604_800;

const rotateKey = defineCommand({
  meta: { name: 'rotate-key', description: 'Replace an API key; the old one ends by itself after the overlap' },
  args: {
    tenant: tenantId,
    key: { type: 'positional', required: true, description: 'Id of the key' },
    'overlap-seconds': { type: 'string', default: '86400', description: 'How long both are good, up to 7 days' },
  },
  run: ({ args }) =>
    run(async () => {
      const overlap = wholeNumber('overlap-seconds', args['overlap-seconds'], 0, MAX_OVERLAP_SECONDS);
      await withNova(async ({ tenants }) => {
        const { key, previous } = await tenants.rotateKey(checkId(args.tenant), checkId(args.key), overlap);
        const terminal = createTerminal();
        terminal.line(key);
        terminal.line(`${previous.hint}... ends at ${previous.expiresAt}`);
      });
    }),
});

export const tenant = defineCommand({
  meta: { name: 'tenant', description: 'Tenants: the apps that this deployment hosts' },
  subCommands: {
    list,
    show,
    create,
    set,
    keys,
    'create-key': createKey,
    'rotate-key': rotateKey,
    export: exportCommand,
    import: importCommand,
    delete: deleteCommand,
  },
});
