/**
 * Tables of schema `nova` that belong to no tenant, each with the reason. They have no row-level security: nothing of
 * a tenant may be in them.
 */
export const globalTables: Readonly<Record<string, string>> = {
  schema_migrations: 'the ledger of migrations, of the database as a whole',
  outbox_offsets: 'how far each consumer has read the outbox, over all tenants',
};

/**
 * SECURITY DEFINER functions of schema `nova`, as `name(argument types)`, each with the reason. Each one takes the
 * tenant, applies every privacy rule itself and is fuzzed.
 */
export const definerFunctions: Readonly<Record<string, string>> = {};
