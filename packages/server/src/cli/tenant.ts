import { defineCommand } from 'citty';
import { Id } from '../platform/ids/index.js';
import { compileCheck } from '../platform/operation/index.js';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { createTerminal } from './terminal.js';

const create = defineCommand({
  meta: { name: 'create', description: 'Make a tenant and its first keys, which are shown this once' },
  args: {
    name: { type: 'string', required: true, description: 'For people, 1 to 100 characters' },
    plan: { type: 'enum', options: ['free', 'pro', 'enterprise'], default: 'free', description: 'Sets the limits' },
  },
  run: ({ args }) =>
    run(() =>
      withNova(async (nova) => {
        const plan = args.plan as 'free' | 'pro' | 'enterprise';
        const { tenant, publishableKey, secretKey } = await nova.createTenant({ name: args.name, plan });
        const terminal = createTerminal();
        terminal.line(`tenant           ${tenant.id}`);
        terminal.line(`publishable key  ${publishableKey}`);
        terminal.line(`secret key       ${secretKey}`);
      }),
    ),
});

const checkId = compileCheck(Id);

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
  },
  run: ({ args }) =>
    run(() =>
      withNova(async (nova) => {
        const tenantId = args.tenant ?? nova.defaultTenant.id;
        const { key } = await nova.issueKey(checkId(tenantId), args.kind as 'publishable' | 'secret');
        createTerminal().line(key);
      }),
    ),
});

export const tenant = defineCommand({
  meta: { name: 'tenant', description: 'Tenants: the apps that this deployment hosts' },
  subCommands: { create, 'create-key': createKey },
});
