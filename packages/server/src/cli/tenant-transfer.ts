import { defineCommand } from 'citty';
import type { Nova } from '../app.js';
import { newId } from '../platform/ids/index.js';
import { type ExportManifest, exportTenant, importTenant } from '../platform/tenant-transfer/index.js';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { checkId } from './tenant-ids.js';
import { createTerminal } from './terminal.js';
import { UsageError } from './usage-error.js';
import { novaVersion } from './version.js';

const rowsOf = ({ tables }: ExportManifest) => tables.reduce((sum, { rows }) => sum + rows, 0).toLocaleString('en');

export const exportCommand = defineCommand({
  meta: { name: 'export', description: 'Write everything of one tenant, as of one moment; Nova may go on running' },
  args: {
    tenant: { type: 'positional', required: true, description: 'Id of the tenant' },
    directory: { type: 'positional', required: true, description: 'A directory that does not exist yet' },
    'with-passwords': { type: 'boolean', default: false, description: 'Hashes of passwords, too' },
  },
  run: ({ args }) =>
    run(() =>
      withNova(async (_nova, { deployment }) => {
        const manifest = await exportTenant({
          url: deployment.addresses.direct,
          tenantId: checkId(args.tenant),
          target: args.directory,
          withPasswords: args['with-passwords'],
          novaVersion: novaVersion(),
        });
        createTerminal().line(
          `Exported ${rowsOf(manifest)} rows of ${manifest.tables.length} tables to ${args.directory}`,
        );
      }),
    ),
});

export const importCommand = defineCommand({
  meta: { name: 'import', description: 'Load an export into a new or an empty tenant; run it again to go on' },
  args: {
    directory: { type: 'positional', required: true, description: 'What `nova tenant export` has written' },
    tenant: {
      type: 'string',
      description: 'Id of an empty tenant, or of an import that was interrupted; a new one if not given',
    },
    name: { type: 'string', description: 'Of the new tenant; as exported if not given' },
    plan: { type: 'enum', options: ['free', 'pro', 'enterprise'], default: 'free', description: 'Of the new tenant' },
  },
  run: ({ args }) =>
    run(() =>
      withNova(async (nova, { deployment }) => {
        const terminal = createTerminal();
        const tenantId = args.tenant === undefined ? newId() : checkId(args.tenant);
        if (args.tenant === undefined) terminal.line(`tenant           ${tenantId}`);
        const manifest = await importTenant({
          url: deployment.addresses.direct,
          source: args.directory,
          tenantId,
          create: args.tenant === undefined ? { name: args.name ?? null, plan: args.plan } : null,
          onProgress: terminal.progress,
        });
        if (args.tenant === undefined) await tellNewKeys(nova, tenantId);
        // Events that waited when the export was made are not in it: what they would have counted is counted now.
        for (const repair of Object.values(nova.repairs)) await repair(new AbortController().signal);
        terminal.line(`Imported ${rowsOf(manifest)} rows of ${manifest.tables.length} tables into ${tenantId}`);
      }),
    ),
});

async function tellNewKeys(nova: Nova, tenantId: string): Promise<void> {
  const terminal = createTerminal();
  const publishable = await nova.issueKey(tenantId, { kind: 'publishable' });
  const secret = await nova.issueKey(tenantId, { kind: 'secret' });
  terminal.line(`publishable key  ${publishable.key}`);
  terminal.line(`secret key       ${secret.key}`);
}

export const deleteCommand = defineCommand({
  meta: { name: 'delete', description: 'Close a tenant at once and for ever; its rows are purged by and by' },
  args: {
    tenant: { type: 'positional', required: true, description: 'Id of the tenant' },
    confirm: { type: 'string', required: true, description: 'The same id once more' },
  },
  run: ({ args: { tenant, confirm } }) =>
    run(async () => {
      if (tenant !== confirm) throw new UsageError(`--confirm must repeat the id ${tenant}: there is no way back`);
      await withNova(async ({ tenants }) => {
        const { name } = await tenants.show(checkId(tenant));
        await tenants.close(tenant);
        createTerminal().line(`"${name}" is closed; its rows are purged while Nova runs`);
      });
    }),
});
