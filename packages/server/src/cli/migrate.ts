import { defineCommand } from 'citty';
import { migrateUp, migrationStatus } from '../platform/migrations/index.js';
import { MIGRATIONS_ROOT, withDeployment } from './open-nova.js';
import { run } from './run.js';
import { createTerminal, table } from './terminal.js';

const up = defineCommand({
  meta: { name: 'up', description: 'Bring the database to the schema of this version' },
  args: {
    contract: {
      type: 'boolean',
      default: false,
      description: 'Also what breaks the version before: only when none of its processes runs any more',
    },
  },
  run: ({ args }) =>
    run(() =>
      withDeployment(async ({ deployment, log }) => {
        const terminal = createTerminal();
        const { applied, deferred, newer } = await migrateUp({
          ownerUrl: deployment.addresses.owner,
          root: MIGRATIONS_ROOT,
          log,
          contract: args.contract,
        });
        terminal.line(applied.length === 0 ? 'Nothing to apply.' : `Applied: ${applied.join(', ')}`);
        if (deferred.length > 0) terminal.line(`Left for --contract: ${deferred.join(', ')}`);
        if (newer.length > 0) terminal.line(`Applied by a newer version: ${newer.join(', ')}`);
      }),
    ),
});

const status = defineCommand({
  meta: { name: 'status', description: 'List migrations and whether they are applied' },
  run: () =>
    run(() =>
      withDeployment(async ({ deployment }) => {
        const terminal = createTerminal();
        const status = await migrationStatus({ url: deployment.addresses.owner, root: MIGRATIONS_ROOT });
        const applied = status.applied.map(({ version, name, appliedAt }) => [version, name, appliedAt.toISOString()]);
        const pending = status.pending.map(({ version, name, phase }) => [version, name, `pending (${phase})`]);
        terminal.line(table([['version', 'name', 'applied'], ...applied, ...pending]));
        const told = (what: string, versions: readonly string[]) => {
          if (versions.length > 0) terminal.line(`${what}: ${versions.join(', ')}`);
        };
        told('Changed since they were applied', status.changed);
        told('Applied by a newer version', status.newer);
        told('Applied, but their files are gone', status.missing);
        if (status.changed.length > 0 || status.missing.length > 0) process.exitCode = 1;
      }),
    ),
});

export const migrate = defineCommand({
  meta: { name: 'migrate', description: 'Schema migrations' },
  subCommands: { up, status },
});
