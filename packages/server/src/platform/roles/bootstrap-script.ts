import {
  asTransaction,
  bootstrapLockStatement,
  clusterStatements,
  createDatabaseStatement,
  databaseAccessStatements,
  quietSessionStatements,
  schemaStatements,
} from './bootstrap-sql.js';

const terminated = (statements: readonly string[]): string => statements.map((sql) => `${sql};`).join('\n');

/**
 * The same preparation as `bootstrapDatabase`, as a psql script for operators who do not give Nova a superuser:
 *
 *     psql -X -d postgres -v database=nova -v owner_password=.. -v app_password=.. -v system_password=.. -f bootstrap.sql
 *
 * It may run again at any time. A password may be given as a SCRAM verifier.
 */
export function renderBootstrapSql(): string {
  const database = ':"database"';
  return `\\set ON_ERROR_STOP on
SET client_min_messages = warning;
${terminated(quietSessionStatements)}
${bootstrapLockStatement} \\g (format=unaligned tuples_only=on) /dev/null
${asTransaction(
  clusterStatements({ owner: ":'owner_password'", app: ":'app_password'", system: ":'system_password'" }),
)}
SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') AS database_is_missing \\gset
\\if :database_is_missing
${createDatabaseStatement(database)};
\\endif
${asTransaction(databaseAccessStatements(database))}
\\connect :"database"
SET client_min_messages = warning;
${asTransaction(schemaStatements())}
`;
}
