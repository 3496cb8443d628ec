import { APP_ROLE, NOVA_SCHEMA, OWNER_ROLE, SYSTEM_ROLE } from './role-names.js';

/** Arbitrary constant: whoever bootstraps roles holds this advisory lock of the maintenance database. */
const BOOTSTRAP_LOCK = 5_136_912_071;

export const bootstrapLockStatement = `SELECT pg_advisory_lock(${BOOTSTRAP_LOCK})`;
export const databaseExistsQuery = 'SELECT FROM pg_catalog.pg_database WHERE datname = $1';

/**
 * One transaction, as one message: a server that is in use never sees a right revoked that is granted again right
 * after.
 */
export function asTransaction(statements: readonly string[]): string {
  return ['BEGIN', ...statements, 'COMMIT'].map((sql) => `${sql};`).join('\n');
}

/** Already quoted SQL fragments: literals of an own connection, or psql variables. */
export interface RolePasswords {
  readonly owner: string;
  readonly app: string;
  readonly system: string;
}

/**
 * Attributes are changed only where they differ: naming NOSUPERUSER or NOREPLICATION in ALTER ROLE needs a
 * superuser even when it changes nothing, and managed servers do not give one.
 */
function ensureRole(role: string, bypassRls: boolean): string {
  const [attribute, wrong] = bypassRls ? ['BYPASSRLS', 'NOT rolbypassrls'] : ['NOBYPASSRLS', 'rolbypassrls'];
  return `DO $nova$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${role}') THEN
    CREATE ROLE ${role} LOGIN ${attribute};
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${role}' AND (rolsuper OR rolreplication)) THEN
    ALTER ROLE ${role} NOSUPERUSER NOREPLICATION;
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${role}' AND ${wrong}) THEN
    ALTER ROLE ${role} ${attribute};
  END IF;
  ALTER ROLE ${role} LOGIN NOCREATEDB NOCREATEROLE;
END
$nova$`;
}

/**
 * Settings of the roles, cluster-wide rather than per database so that a cloned or restored database keeps them.
 * The timeouts are the second line behind the client's own deadlines (D13); PgBouncer refuses them as start-up
 * parameters. `nova_system` runs backfills in batches, so its statements get longer than a request's. A client that
 * gives up cuts its connection, and PostgreSQL notices only when it has an answer to send: checked every second, the
 * statement of nobody ends, and the pool that opens another connection stays within the budget (R1).
 * `nova_app` runs the generic plans, which are those that tests have read at size: where PostgreSQL took another for
 * cheaper it planned anew at each execution, 70 us of processor time instead of 31 us for a user by id.
 */
const ROLE_SETTINGS: readonly (readonly [role: string, settings: Readonly<Record<string, string>>])[] = [
  [OWNER_ROLE, { statement_timeout: '0', lock_timeout: '2s', idle_in_transaction_session_timeout: '60s' }],
  [
    APP_ROLE,
    {
      statement_timeout: '30s',
      lock_timeout: '1s',
      idle_in_transaction_session_timeout: '60s',
      plan_cache_mode: 'force_generic_plan',
    },
  ],
  [SYSTEM_ROLE, { statement_timeout: '300s', lock_timeout: '2s', idle_in_transaction_session_timeout: '60s' }],
];

function roleSettings(): string[] {
  return ROLE_SETTINGS.flatMap(([role, settings]) => [
    `ALTER ROLE ${role} SET search_path = ${NOVA_SCHEMA}`,
    `ALTER ROLE ${role} SET timezone = 'UTC'`,
    `ALTER ROLE ${role} SET client_connection_check_interval = '1s'`,
    ...Object.entries(settings).map(([name, value]) => `ALTER ROLE ${role} SET ${name} = '${value}'`),
  ]);
}

/** Statements for the maintenance database; each one may run again at any time. */
export function clusterStatements(passwords: RolePasswords): string[] {
  return [
    ensureRole(OWNER_ROLE, false),
    ensureRole(APP_ROLE, false),
    ensureRole(SYSTEM_ROLE, true),
    `ALTER ROLE ${OWNER_ROLE} PASSWORD ${passwords.owner}`,
    `ALTER ROLE ${APP_ROLE} PASSWORD ${passwords.app}`,
    `ALTER ROLE ${SYSTEM_ROLE} PASSWORD ${passwords.system}`,
    ...roleSettings(),
  ];
}

/** `template0`, because `template1` may have been changed, or have another encoding. */
export function createDatabaseStatement(database: string): string {
  return `CREATE DATABASE ${database} OWNER ${OWNER_ROLE} ENCODING 'UTF8' TEMPLATE template0`;
}

/** Who may connect. CREATE DATABASE ... TEMPLATE does not copy these, so a clone needs them again. */
export function databaseAccessStatements(database: string): string[] {
  return [
    `ALTER DATABASE ${database} OWNER TO ${OWNER_ROLE}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `REVOKE ALL ON DATABASE ${database} FROM ${APP_ROLE}, ${SYSTEM_ROLE}`,
    `GRANT CONNECT ON DATABASE ${database} TO ${APP_ROLE}, ${SYSTEM_ROLE}`,
  ];
}

/** Statements for Nova's own database; each one may run again at any time. */
export function schemaStatements(): string[] {
  const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${OWNER_ROLE}`;
  const users = `${APP_ROLE}, ${SYSTEM_ROLE}`;
  return [
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `CREATE SCHEMA IF NOT EXISTS ${NOVA_SCHEMA} AUTHORIZATION ${OWNER_ROLE}`,
    `ALTER SCHEMA ${NOVA_SCHEMA} OWNER TO ${OWNER_ROLE}`,
    `REVOKE ALL ON SCHEMA ${NOVA_SCHEMA} FROM PUBLIC, ${users}`,
    `GRANT USAGE ON SCHEMA ${NOVA_SCHEMA} TO ${users}`,
    // Per-schema defaults can only add to the global ones, so PUBLIC's EXECUTE is taken away globally.
    `${defaults} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`,
    `${defaults} IN SCHEMA ${NOVA_SCHEMA} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${users}`,
    `${defaults} IN SCHEMA ${NOVA_SCHEMA} GRANT USAGE ON SEQUENCES TO ${users}`,
    // Backups read where sequences stand.
    `${defaults} IN SCHEMA ${NOVA_SCHEMA} GRANT SELECT ON SEQUENCES TO ${SYSTEM_ROLE}`,
    `${defaults} IN SCHEMA ${NOVA_SCHEMA} GRANT EXECUTE ON FUNCTIONS TO ${users}`,
    `DO $nova$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'pg_stat_statements') THEN
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;
  END IF;
END
$nova$`,
  ];
}

/** Keeps passwords out of the server's log and out of pg_stat_statements, which stores utility statements as sent. */
export const quietSessionStatements: readonly string[] = [
  "SET log_statement = 'none'",
  'SET log_min_duration_statement = -1',
  'SET pg_stat_statements.track_utility = off',
];
