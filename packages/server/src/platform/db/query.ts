import type { ColumnShape, ValuesOf } from './columns.js';

/**
 * A named SQL statement, declared once. The name shows in metrics, the slow log and the audit; the
 * parameter and row shapes give the TypeScript types and are compared with what PostgreSQL itself says
 * of the statement (`query-contract.test.ts`).
 *
 * SQL names its parameters (`:authorId`); `:tenant` is always there and is filled by the handle.
 */
export interface Query<P extends ColumnShape = ColumnShape, R extends ColumnShape = ColumnShape> {
  readonly name: string;
  readonly kind: 'read' | 'write';
  /** `app` runs inside one tenant under row-level security; `system` crosses tenants. */
  readonly role: 'app' | 'system';
  readonly params: P;
  readonly row: R;
  /** With `$1..$n`. */
  readonly text: string;
  /** The same statement without its own tenant filters: what is left is row-level security alone (I8). */
  readonly unfilteredText: string;
  /** Parameter names in the order of `$1..$n`. */
  readonly order: readonly string[];
}

export interface ReadQuery<P extends ColumnShape = ColumnShape, R extends ColumnShape = ColumnShape>
  extends Query<P, R> {
  readonly kind: 'read';
}

export interface QuerySource<P extends ColumnShape, R extends ColumnShape> {
  readonly name: string;
  readonly params: P;
  readonly row: R;
  readonly sql: string;
}

/** A query that only reads: it may run on the shared pipeline and is retried once on a lost connection. */
export function readQuery<P extends ColumnShape, R extends ColumnShape>(source: QuerySource<P, R>): ReadQuery<P, R> {
  return { ...compile(source), kind: 'read', role: 'app' };
}

/** A query that writes, or locks: it runs inside a transaction on a connection of its own. */
export function writeQuery<P extends ColumnShape, R extends ColumnShape>(source: QuerySource<P, R>): Query<P, R> {
  return { ...compile(source), kind: 'write', role: 'app' };
}

/** A query that crosses tenants, run as `nova_system` by the platform only. */
export function systemQuery<P extends ColumnShape, R extends ColumnShape>(
  source: QuerySource<P, R> & { readonly kind: 'read' | 'write' },
): Query<P, R> {
  return { ...compile(source), kind: source.kind, role: 'system' };
}

const TENANT_FILTER = /(?:\b[a-z_]+\.)?\btenant_id = :tenant\b/g;
/** `:name`, but neither the second half of a `::cast` nor part of a word. */
const PARAMETER = /(?<![:\w]):([a-zA-Z][a-zA-Z0-9]*)\b/g;

function compile<P extends ColumnShape, R extends ColumnShape>(source: QuerySource<P, R>) {
  const order: string[] = [];
  const number = (sql: string) =>
    sql.replace(PARAMETER, (_, name: string) => {
      if (name !== 'tenant' && !(name in source.params)) {
        throw new Error(`query ${source.name}: parameter :${name} is not declared`);
      }
      let index = order.indexOf(name);
      if (index < 0) index = order.push(name) - 1;
      return `$${index + 1}`;
    });
  const text = number(source.sql);
  for (const name of Object.keys(source.params)) {
    if (!order.includes(name)) throw new Error(`query ${source.name}: parameter :${name} is declared but not used`);
  }
  // A parameter that no longer occurs would leave its type unknown: the filter becomes a tautology on it.
  const unfilteredText = number(source.sql.replace(TENANT_FILTER, '(:tenant::uuid is not null)'));
  return { name: source.name, params: source.params, row: source.row, text, unfilteredText, order };
}

/** The values of `$1..$n`. */
export function bindParameters<P extends ColumnShape, R extends ColumnShape>(
  query: Query<P, R>,
  values: ValuesOf<P>,
  tenantId: string | null,
): unknown[] {
  return query.order.map((name) => (name === 'tenant' ? tenantId : (values as Record<string, unknown>)[name]));
}
