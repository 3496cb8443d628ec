import { TenantTransferError } from './errors.js';
import { TABLE_CLASSES } from './table-classes.js';

/** A table of tenants as the catalogue describes it. */
export interface TenantTable {
  readonly name: string;
  /** Without the tenant and what is computed. */
  readonly columns: readonly string[];
  /** The primary key without the tenant. */
  readonly key: readonly string[];
  /** Other tables that it points to. */
  readonly parents: readonly string[];
  /** Columns that point to another row of the same table. */
  readonly selfReferences: readonly string[];
}

/** Each table after those that it points to. */
export function inForeignKeyOrder<T extends TenantTable>(tables: readonly T[]): T[] {
  const ordered: T[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const free = left.filter(({ name, parents }) => parents.every((parent) => parent === name || !waiting.has(parent)));
    if (free.length === 0) {
      throw new TenantTransferError(
        'unsupported_schema',
        `the tables ${[...waiting].join(', ')} point to one another in a circle: no order lets their rows be loaded`,
      );
    }
    ordered.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return ordered;
}

/** Throws for a table that nobody has said what to do with. */
export function exportedTables<T extends TenantTable>(tables: readonly T[], withPasswords: boolean): T[] {
  const unknown = tables.filter(({ name }) => !Object.hasOwn(TABLE_CLASSES, name)).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new TenantTransferError(
      'unsupported_schema',
      `it is not known whether an export may hold the rows of ${unknown.join(', ')}: they have no line in table-classes.ts`,
    );
  }
  return inForeignKeyOrder(
    tables.filter(({ name }) => {
      const of = TABLE_CLASSES[name];
      return of === 'community' || (withPasswords && of === 'passwords');
    }),
  );
}
