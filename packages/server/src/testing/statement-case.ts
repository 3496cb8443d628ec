import { escapeLiteral } from 'pg';
import type { PlanBounds } from './query-plan.js';

/** A statement with values, and what its plan may do with them. */
export interface StatementCase extends PlanBounds {
  /** By parameter; `tenant` is the large tenant unless given. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** By the name of the statement. */
export type StatementCases = Readonly<Record<string, StatementCase>>;

/** What `make` gives for 1 to `count`. */
export const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

/** A value that only the server knows, as an expression. */
export class SqlExpression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** For `execute`, which takes no parameters. */
export function literalOf(value: unknown): string {
  if (value instanceof SqlExpression) return value.text;
  if (value === null) return 'null';
  if (Array.isArray(value)) return escapeLiteral(`{${value.map((item) => JSON.stringify(item)).join(',')}}`);
  return escapeLiteral(String(value));
}
