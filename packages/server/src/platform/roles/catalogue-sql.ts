/**
 * One statement a rule; each returns the violations as rows of one text column `violation`. Parameters:
 * `$1 text[]` global tables, `$2 text[]` permitted SECURITY DEFINER functions.
 */
export interface CatalogueRule {
  readonly name: string;
  readonly sql: string;
}

/** Tables, partitions included; `tenant_column` is null for those without one, `is_global` for those on the list. */
const TABLES = `
  WITH tables AS (
    SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity,
           a.attnum AS tenant_column, a.atttypid, a.attnotnull, c.relname = ANY ($1::text[]) AS is_global
    FROM pg_catalog.pg_class c
    LEFT JOIN pg_catalog.pg_attribute a
      ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'nova'::regnamespace AND c.relkind IN ('r', 'p') AND $2::text[] IS NOT NULL
  )`;

/** As pg_get_expr prints the only permitted policy, white space removed (PostgreSQL 15 to 18 print the same). */
const POLICY = `(tenant_id=(SELECT(NULLIF(current_setting('nova.tenant_id'::text,true),''::text))::uuidAS"nullif"))`;
const POLICY_LITERAL = `'${POLICY.replaceAll("'", "''")}'`;
const policyText = (column: string) => `regexp_replace(coalesce(pg_get_expr(${column}, polrelid), ''), '\\s', '', 'g')`;

/**
 * What keeps tenants apart, checked at every start too. Judges only what names a tenant: a previous version of Nova
 * does not know the global tables and functions of its successor, and must start beside it (I13).
 */
export const isolationRules: readonly CatalogueRule[] = [
  {
    name: 'row-level security enabled',
    sql: `${TABLES}
      SELECT format('nova.%I: row-level security is not enabled', relname) AS violation
      FROM tables WHERE tenant_column IS NOT NULL AND NOT is_global AND NOT relrowsecurity`,
  },
  {
    name: 'row-level security forced',
    sql: `${TABLES}
      SELECT format('nova.%I: row-level security is not forced', relname) AS violation
      FROM tables WHERE tenant_column IS NOT NULL AND NOT is_global AND NOT relforcerowsecurity`,
  },
  {
    name: 'the one policy',
    sql: `${TABLES}
      SELECT format('nova.%I: has %s policies instead of the one', relname, count(p.oid)) AS violation
      FROM tables LEFT JOIN pg_catalog.pg_policy p ON p.polrelid = tables.oid
      WHERE tenant_column IS NOT NULL AND NOT is_global
      GROUP BY relname HAVING count(p.oid) <> 1
      UNION ALL
      SELECT format('nova.%I: policy %I is not exactly the tenant policy (USING and WITH CHECK, all commands and roles)',
                    relname, polname)
      FROM tables JOIN pg_catalog.pg_policy ON polrelid = tables.oid
      WHERE tenant_column IS NOT NULL AND NOT is_global
        AND NOT (polpermissive AND polcmd = '*' AND polroles = '{0}'
                 AND ${policyText('polqual')} = ${POLICY_LITERAL} AND ${policyText('polwithcheck')} = ${POLICY_LITERAL})`,
  },
  {
    name: 'views run as their caller',
    sql: `${TABLES}
      SELECT format('nova.%I: the view lacks security_invoker', relname) AS violation
      FROM pg_catalog.pg_class
      WHERE relnamespace = 'nova'::regnamespace AND relkind = 'v' AND $1 IS NOT NULL
        AND NOT EXISTS (
          SELECT FROM pg_options_to_table(reloptions)
          WHERE option_name = 'security_invoker' AND option_value::boolean)
      UNION ALL
      SELECT format('nova.%I: a %s has no row-level security', relname,
                    CASE relkind WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END)
      FROM pg_catalog.pg_class WHERE relnamespace = 'nova'::regnamespace AND relkind IN ('m', 'f')`,
  },
];

/** What every version must hold to in its own schema, checked by test. */
export const designRules: readonly CatalogueRule[] = [
  {
    name: 'tenant column',
    sql: `${TABLES}
      SELECT format('nova.%I: has no column tenant_id uuid not null and is not a named global table', relname) AS violation
      FROM tables
      WHERE NOT is_global AND (tenant_column IS NULL OR atttypid <> 'uuid'::regtype OR NOT attnotnull)`,
  },
  {
    name: 'global tables exist',
    sql: `${TABLES}
      SELECT format('nova.%I: is named as a global table and does not exist', name) AS violation
      FROM unnest($1::text[]) AS name WHERE name NOT IN (SELECT relname FROM tables)`,
  },
  {
    name: 'primary key',
    sql: `${TABLES}
      SELECT format('nova.%I: has no primary key', relname) AS violation
      FROM tables
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indrelid = tables.oid AND indisprimary)`,
  },
  {
    name: 'unique indexes',
    sql: `${TABLES}
      SELECT format('nova.%I: unique index %s does not start with tenant_id', relname, indexrelid::regclass) AS violation
      FROM tables JOIN pg_catalog.pg_index ON indrelid = tables.oid
      WHERE NOT is_global AND (indisunique OR indisexclusion) AND indkey[0] IS DISTINCT FROM tenant_column`,
  },
  {
    name: 'foreign keys',
    sql: `${TABLES}
      SELECT format('nova.%I: foreign key %I does not start with tenant_id on both sides', own.relname, conname) AS violation
      FROM tables own
      JOIN pg_catalog.pg_constraint ON conrelid = own.oid AND contype = 'f'
      LEFT JOIN tables target ON target.oid = confrelid
      WHERE NOT own.is_global
        AND (conkey[1] IS DISTINCT FROM own.tenant_column OR confkey[1] IS DISTINCT FROM target.tenant_column
             OR target.tenant_column IS NULL)`,
  },
  {
    name: 'functions run as their caller',
    sql: `${TABLES}
      SELECT format('%s: is SECURITY DEFINER and not on the list', signature) AS violation
      FROM (SELECT format('%s(%s)', proname, oidvectortypes(proargtypes)) AS signature
            FROM pg_catalog.pg_proc
            WHERE pronamespace = 'nova'::regnamespace AND prosecdef) AS definer
      WHERE signature <> ALL ($2::text[])
      UNION ALL
      SELECT format('%s(%s): is SECURITY DEFINER and does not fix its search_path', proname, oidvectortypes(proargtypes))
      FROM pg_catalog.pg_proc
      WHERE pronamespace = 'nova'::regnamespace AND prosecdef
        AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%')`,
  },
  {
    name: 'privileges',
    sql: `${TABLES}, granted AS (
        SELECT relname, relkind, relowner, (aclexplode(relacl)).*
        FROM pg_catalog.pg_class WHERE relnamespace = 'nova'::regnamespace
        UNION ALL
        SELECT relname, relkind, relowner, (aclexplode(attacl)).*
        FROM pg_catalog.pg_class JOIN pg_catalog.pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'nova'::regnamespace
      )
      SELECT DISTINCT format('nova.%I: %s may %s%s', relname,
                             CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
                             lower(privilege_type), CASE WHEN is_grantable THEN ' and grant it' ELSE '' END) AS violation
      FROM granted
      WHERE grantee <> relowner
        AND (grantee = 0 OR is_grantable OR privilege_type <> ALL (
          CASE relkind WHEN 'S' THEN '{USAGE,SELECT}'::text[] ELSE '{SELECT,INSERT,UPDATE,DELETE}'::text[] END))`,
  },
];
