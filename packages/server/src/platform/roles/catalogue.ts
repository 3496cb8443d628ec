import type { QueryResultRow } from 'pg';
import { definerFunctions, globalTables } from './catalogue-exceptions.js';
import { type CatalogueRule, designRules, isolationRules } from './catalogue-sql.js';

/** What is needed of a connection: a client or a pool. */
export interface CatalogueConnection {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
}

/** All rules of the schema: every line names the object and what is wrong with it. Empty when all hold. */
export async function findCatalogueViolations(connection: CatalogueConnection): Promise<string[]> {
  return await violationsOf(connection, [...isolationRules, ...designRules]);
}

/** The rules that keep tenants apart, without those that need the lists of exceptions of this very version. */
export async function findIsolationViolations(connection: CatalogueConnection): Promise<string[]> {
  return await violationsOf(connection, isolationRules);
}

async function violationsOf(connection: CatalogueConnection, rules: readonly CatalogueRule[]): Promise<string[]> {
  const exceptions = [Object.keys(globalTables), Object.keys(definerFunctions)];
  const violations: string[] = [];
  for (const { sql } of rules) {
    const { rows } = await connection.query<{ violation: string }>(sql, exceptions);
    violations.push(...rows.map(({ violation }) => violation));
  }
  return violations.sort();
}
