import { defineCommand } from 'citty';
import { renderBootstrapSql } from '../platform/roles/index.js';
import { run } from './run.js';

/** The script itself is for programs as well, which set the variables in their own way. */
const HEAD = `-- Prepares a PostgreSQL for Nova: roles, database, schema, limits. It may be run again, also to change passwords.
-- As a superuser, with a name for the database and three passwords:
--   psql -d postgres -v database=nova -v owner_password=... -v app_password=... -v system_password=... -f bootstrap.sql

`;

const bootstrapSql = defineCommand({
  meta: {
    name: 'bootstrap-sql',
    description: 'Print the psql script that prepares an external PostgreSQL: roles, database, schema, limits',
  },
  run: () => run(async () => void process.stdout.write(HEAD + renderBootstrapSql())),
});

export const databaseCommand = defineCommand({
  meta: { name: 'database', description: 'Prepare an external database' },
  subCommands: { 'bootstrap-sql': bootstrapSql },
});
