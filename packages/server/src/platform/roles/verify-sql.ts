/** Facts about the server and database of a connection. */
export const serverFactsQuery = `
  SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
         pg_encoding_to_char(encoding) AS encoding, datname AS database, pg_database.oid::text AS database_oid,
         current_user::text AS role, to_regnamespace('nova') IS NOT NULL AS has_schema
  FROM pg_catalog.pg_database WHERE datname = current_database()`;

export interface ServerFacts {
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly database: string;
  readonly database_oid: string;
  readonly role: string;
  readonly has_schema: boolean;
}

/** Attributes of the connection's role itself. */
export const roleAttributesQuery = `
  SELECT rolsuper AS superuser, rolbypassrls AS bypass_rls
  FROM pg_catalog.pg_roles WHERE rolname = current_user`;

export interface RoleAttributes {
  readonly superuser: boolean;
  readonly bypass_rls: boolean;
}

/**
 * What the role of the connection can do beyond reading and writing rows, itself or as any role it can become: SET ROLE
 * works without inheritance, so membership alone counts. `role` is the one that has the right. Of the predefined roles
 * (`pg_*`) only those that watch the server are harmless.
 */
export const excessRightsQuery = `
  WITH role AS (
    SELECT r.*, r.rolname = current_user AS own
    FROM pg_catalog.pg_roles r
    WHERE r.rolname = current_user OR pg_has_role(current_user, r.oid, 'MEMBER')
  )
  SELECT rolname AS role, own, what FROM role CROSS JOIN LATERAL (
    SELECT 'is a superuser' AS what WHERE rolsuper AND NOT own
    UNION ALL SELECT 'bypasses row-level security' WHERE rolbypassrls AND NOT own
    UNION ALL SELECT 'may create roles' WHERE rolcreaterole
    UNION ALL SELECT 'may create databases' WHERE rolcreatedb
    UNION ALL SELECT 'may replicate the whole server' WHERE rolreplication
    UNION ALL SELECT 'is a predefined role of PostgreSQL'
      WHERE rolname LIKE 'pg\\_%' AND rolname NOT IN (
        'pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
    UNION ALL SELECT format('owns database %I', datname)
      FROM pg_catalog.pg_database WHERE datname = current_database() AND datdba = role.oid
    UNION ALL SELECT format('owns schema %I', nspname)
      FROM pg_catalog.pg_namespace WHERE nspname = 'nova' AND nspowner = role.oid
    UNION ALL SELECT format('owns %s.%I', relnamespace::regnamespace, relname)
      FROM pg_catalog.pg_class WHERE relowner = role.oid AND relnamespace = 'nova'::regnamespace AND relkind <> 'i'
    UNION ALL SELECT format('owns %s', pg_proc.oid::regprocedure)
      FROM pg_catalog.pg_proc WHERE proowner = role.oid AND pronamespace = 'nova'::regnamespace AND own
    UNION ALL SELECT format('may truncate %s.%I', relnamespace::regnamespace, relname)
      FROM pg_catalog.pg_class
      WHERE relnamespace = 'nova'::regnamespace AND relkind IN ('r', 'p')
        AND has_table_privilege(role.oid, pg_class.oid, 'TRUNCATE')
    UNION ALL SELECT format('may create in schema %I', nspname)
      FROM pg_catalog.pg_namespace WHERE nspname IN ('nova', 'public')
        AND has_schema_privilege(role.oid, pg_namespace.oid, 'CREATE')
    UNION ALL SELECT format('may create schemas in database %I', current_database())
      WHERE has_database_privilege(role.oid, current_database(), 'CREATE')
    UNION ALL SELECT 'may set session_replication_role, which turns off foreign keys'
      WHERE has_parameter_privilege(role.oid, 'session_replication_role', 'SET')
  ) AS right_of_role`;

export interface ExcessRight {
  readonly role: string;
  readonly own: boolean;
  readonly what: string;
}
