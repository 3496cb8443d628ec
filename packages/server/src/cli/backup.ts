import { defineCommand } from 'citty';
import { backup } from '../platform/postgres/index.js';
import { readMigrations } from './backup-migrations.js';
import { withDeployment } from './open-nova.js';
import { run } from './run.js';
import { createTerminal } from './terminal.js';
import { novaVersion } from './version.js';

export const backupCommand = defineCommand({
  meta: { name: 'backup', description: 'Write a consistent, checksummed backup; Nova may go on running' },
  args: { directory: { type: 'positional', required: true, description: 'A directory that does not exist yet' } },
  run: ({ args }) =>
    run(() =>
      withDeployment(async ({ config, deployment }) => {
        const manifest = await backup({
          // Sees all tenants' rows, and can change no schema.
          privilegedUrl: deployment.addresses.system,
          target: args.directory,
          novaVersion: novaVersion(),
          excludedTables: ['nova.schema_migrations'],
          readMigrations,
          // A key that the operator has set is the operator's to keep.
          secretKey: config.secretKey === undefined ? deployment.secretKey : null,
        });
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
        createTerminal().line(
          `Backed up ${rows.toLocaleString('en')} rows of ${manifest.tables.length} tables to ${args.directory}`,
        );
      }),
    ),
});
