import { defineCommand, runMain } from 'citty';
import { checkWords } from './cli/check-words.js';
import { UsageError } from './cli/usage-error.js';
import { novaVersion } from './cli/version.js';

/** The command line. Commands load when they are called: `nova --help` needs no database driver. */
const nova = defineCommand({
  meta: { name: 'nova', version: novaVersion(), description: 'The backend of a social network, in one command' },
  subCommands: {
    start: () => import('./cli/start.js').then((module) => module.start),
    migrate: () => import('./cli/migrate.js').then((module) => module.migrate),
    import: () => import('./cli/import.js').then((module) => module.importCommand),
    seed: () => import('./cli/seed.js').then((module) => module.seed),
    backup: () => import('./cli/backup.js').then((module) => module.backupCommand),
    restore: () => import('./cli/restore.js').then((module) => module.restoreCommand),
    repair: () => import('./cli/repair.js').then((module) => module.repair),
    outbox: () => import('./cli/outbox.js').then((module) => module.outbox),
    tenant: () => import('./cli/tenant.js').then((module) => module.tenant),
    database: () => import('./cli/database.js').then((module) => module.databaseCommand),
    generate: () => import('./cli/generate.js').then((module) => module.generate),
    worker: () => import('./cli/worker.js').then((module) => module.worker),
  },
});

try {
  await checkWords(nova, process.argv.slice(2));
  await runMain(nova);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
