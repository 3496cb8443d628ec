import { type CatalogueConnection, findIsolationViolations } from './catalogue.js';
import {
  type ExcessRight,
  excessRightsQuery,
  type RoleAttributes,
  roleAttributesQuery,
  type ServerFacts,
  serverFactsQuery,
} from './verify-sql.js';

export interface RoleConnections {
  readonly app: CatalogueConnection;
  readonly system: CatalogueConnection;
  /** Where the process has it; a server that does not migrate need not. */
  readonly owner?: CatalogueConnection;
}

/** PostgreSQL 15: the first with views that run as their caller, and where `public` is not writable for everybody. */
const OLDEST_VERSION = 150_000;

/**
 * Everything for which the server refuses to start, at once. Not a catalogue error: it ends the start, before there is
 * any transport that could render it.
 */
export class RoleViolationError extends Error {
  override readonly name = 'RoleViolationError';
  readonly violations: readonly string[];

  constructor(violations: readonly string[]) {
    super(`The database is not safe to serve from:\n${violations.map((violation) => `  ${violation}`).join('\n')}`);
    this.violations = violations;
  }
}

/**
 * Refuses roles with more or fewer rights than row-level security can be relied upon, an unfit server, and tables that
 * row-level security does not guard. To be called after the migrations.
 *
 * @throws RoleViolationError with all violations; errors of the connections as they come
 */
export async function verifyRoles(connections: RoleConnections): Promise<void> {
  const violations = await findRoleViolations(connections);
  if (violations.length > 0) throw new RoleViolationError(violations);
}

/** What `verifyRoles` would refuse; one line each. */
export async function findRoleViolations({ app, system, owner }: RoleConnections): Promise<string[]> {
  const facts = await factsOf(app);
  const unfit = unfitServer(facts);
  if (unfit.length > 0) return unfit;
  const violations = [...(await differentDatabases(facts, { system, owner }))];
  violations.push(...(await requestRoleViolations(app, facts.role)));
  violations.push(...(await systemRoleViolations(system)));
  if (owner !== undefined) violations.push(...(await ownerRoleViolations(owner)));
  violations.push(...(await findIsolationViolations(app)));
  return [...new Set(violations)];
}

/** Violations after which the other queries would only fail. */
function unfitServer(facts: ServerFacts): string[] {
  const violations: string[] = [];
  if (facts.version < OLDEST_VERSION) violations.push(`PostgreSQL ${facts.version_text} is older than 15`);
  if (facts.encoding !== 'UTF8') {
    violations.push(`database ${facts.database} is encoded in ${facts.encoding}, not in UTF8`);
  }
  if (!facts.has_schema) violations.push(`database ${facts.database} has no schema nova`);
  return violations;
}

async function differentDatabases(
  facts: ServerFacts,
  others: { readonly system: CatalogueConnection; readonly owner: CatalogueConnection | undefined },
): Promise<string[]> {
  const violations: string[] = [];
  for (const [name, connection] of Object.entries(others)) {
    if (connection === undefined) continue;
    const other = await factsOf(connection);
    if (other.database_oid !== facts.database_oid || other.database !== facts.database) {
      violations.push(`the ${name} address leads to another database than that of ${facts.role}`);
    }
  }
  return violations;
}

async function requestRoleViolations(connection: CatalogueConnection, role: string): Promise<string[]> {
  const { superuser, bypass_rls } = await attributesOf(connection);
  if (superuser) return [`${role} serves requests and is a superuser`];
  const violations = bypass_rls ? [`${role} serves requests and bypasses row-level security`] : [];
  return [...violations, ...(await excessRights(connection, role))];
}

async function systemRoleViolations(connection: CatalogueConnection): Promise<string[]> {
  const { role } = await factsOf(connection);
  const { superuser, bypass_rls } = await attributesOf(connection);
  if (superuser) return [`${role} is the system role and a superuser`];
  const violations = bypass_rls ? [] : [`${role} is the system role and lacks BYPASSRLS`];
  return [...violations, ...(await excessRights(connection, role))];
}

async function ownerRoleViolations(connection: CatalogueConnection): Promise<string[]> {
  const { role } = await factsOf(connection);
  const { superuser, bypass_rls } = await attributesOf(connection);
  const violations: string[] = [];
  if (superuser) violations.push(`${role} is the owner role and a superuser`);
  if (bypass_rls) violations.push(`${role} is the owner role and bypasses row-level security`);
  const rights = await rightsOf(connection);
  if (!rights.some(({ own, what }) => own && what === 'owns schema nova')) {
    violations.push(`${role} is the owner role and does not own schema nova`);
  }
  return violations;
}

async function excessRights(connection: CatalogueConnection, role: string): Promise<string[]> {
  const rights = await rightsOf(connection);
  return rights.map(({ own, role: holder, what }) =>
    own ? `${role} ${what}` : `${role} is a member of ${holder}, which ${what}`,
  );
}

async function rightsOf(connection: CatalogueConnection): Promise<ExcessRight[]> {
  return (await connection.query<ExcessRight & Record<string, unknown>>(excessRightsQuery)).rows;
}

async function factsOf(connection: CatalogueConnection): Promise<ServerFacts> {
  return await onlyRow<ServerFacts>(connection, serverFactsQuery);
}

async function attributesOf(connection: CatalogueConnection): Promise<RoleAttributes> {
  return await onlyRow<RoleAttributes>(connection, roleAttributesQuery);
}

async function onlyRow<R extends object>(connection: CatalogueConnection, sql: string): Promise<R> {
  const { rows } = await connection.query<R & Record<string, unknown>>(sql);
  const [row] = rows;
  if (row === undefined) throw new Error('the catalogue has no row for the current role and database');
  return row;
}
