/**
 * The PostgreSQL types that Nova's queries take and give, with the JavaScript value each has.
 * One table for three readers: the compiler (types), the driver (parsers) and the test that PREPAREs
 * every query and compares what PostgreSQL says with what the query declares.
 */
export interface Column<T, N extends boolean = boolean> {
  /** As `format_type` prints it. */
  readonly type: string;
  readonly oid: number;
  readonly nullable: N;
  /** Carries the type only; never set. */
  readonly value?: T;
}

export type ColumnShape = Readonly<Record<string, Column<unknown>>>;

export type ValuesOf<S extends ColumnShape> = {
  -readonly [K in keyof S]: S[K] extends Column<infer T, infer N> ? (N extends true ? T | null : T) : never;
};

const column = <T>(type: string, oid: number): Column<T, false> => ({ type, oid, nullable: false });

export const pg = {
  bool: column<boolean>('boolean', 16),
  /** Beyond 2^53 JavaScript would round: counters and ids here stay below. */
  int8: column<number>('bigint', 20),
  int4: column<number>('integer', 23),
  text: column<string>('text', 25),
  float8: column<number>('double precision', 701),
  bytea: column<Buffer>('bytea', 17),
  uuid: column<string>('uuid', 2950),
  jsonb: column<unknown>('jsonb', 3802),
  /** RFC 3339 in UTC with all six digits: a Date would lose the microseconds that cursors need. */
  timestamptz: column<string>('timestamp with time zone', 1184),
  /** Transaction ids exceed 2^53 only in theory; as text they compare in SQL, never in JavaScript. */
  xid8: column<string>('xid8', 5069),
  boolArray: column<readonly boolean[]>('boolean[]', 1000),
  int4Array: column<readonly number[]>('integer[]', 1007),
  int8Array: column<readonly number[]>('bigint[]', 1016),
  textArray: column<readonly string[]>('text[]', 1009),
  nullableTextArray: column<readonly (string | null)[]>('text[]', 1009),
  byteaArray: column<readonly Buffer[]>('bytea[]', 1001),
  uuidArray: column<readonly string[]>('uuid[]', 2951),
  timestamptzArray: column<readonly string[]>('timestamp with time zone[]', 1185),
} as const;

export const nullable = <T>(inner: Column<T, false>): Column<T, true> => ({ ...inner, nullable: true });
