import { defineCommand } from 'citty';
import { migrateUp } from '../platform/migrations/index.js';
import { restore } from '../platform/postgres/index.js';
import { readMigrations } from './backup-migrations.js';
import { keepSecretKey } from './deployment.js';
import { MIGRATIONS_ROOT, withDeployment } from './open-nova.js';
import { run } from './run.js';
import { createTerminal } from './terminal.js';
import { UsageError } from './usage-error.js';

export const restoreCommand = defineCommand({
  meta: { name: 'restore', description: 'Load a backup into an empty database' },
  args: {
    directory: { type: 'positional', required: true, description: 'What `nova backup` has written' },
    'superuser-url': {
      type: 'string',
      description: 'External databases: address of a superuser, who alone may load rows in any order',
    },
  },
  run: ({ args }) =>
    run(() =>
      withDeployment(async ({ config, deployment, log }) => {
        const { dataDir } = deployment;
        const privilegedUrl = args['superuser-url'] ?? deployment.superuserUrl;
        if (privilegedUrl === null) {
          throw new UsageError(
            'stop the running Nova first, or name the superuser of an external database by --superuser-url',
          );
        }
        const manifest = await restore({
          privilegedUrl,
          source: args.directory,
          migrate: async (to) => {
            const only = to.map(({ id }) => id);
            await migrateUp({ ownerUrl: deployment.addresses.owner, root: MIGRATIONS_ROOT, log, only });
          },
          readMigrations,
          keepSecretKey:
            config.secretKey === undefined && dataDir !== null ? (key) => keepSecretKey(dataDir, key) : null,
        });
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
        createTerminal().line(`Restored ${rows.toLocaleString('en')} rows of ${manifest.tables.length} tables`);
      }),
    ),
});
