import Type, { type TSchema } from 'typebox';
import { type Cursors, MAX_CURSOR_LENGTH, type Position } from './cursor.js';

/** Page size of every list (A1). */
export const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** Every list is newest first: before all of it lie the end of time and the largest UUID. */
export const START: Position = { key: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** The input fields of every list. */
export const pageInput = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, description: 'Items on the page' }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: MAX_CURSOR_LENGTH, description: '`nextCursor` of the page before' }),
  ),
};

/** The output of every list. */
export const pageOf = <S extends TSchema>(item: S) =>
  Type.Object(
    {
      items: Type.Array(item),
      nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page' }),
    },
    { additionalProperties: false },
  );

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

export interface PageRequest<Row> {
  /** The list with everything that selects its rows, tenant included: `followers/<tenant>/<user>`. */
  readonly list: string;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  /** Rows strictly after the position, newest first: of equal keys the larger id comes first. */
  readonly fetch: (after: Position, limit: number) => Promise<Row[]>;
  readonly positionOf: (row: Row) => Position;
}

/** The keyset pager of every list (D8): one row more than asked for tells whether there is a next page. */
export async function readPage<Row>(cursors: Cursors, request: PageRequest<Row>): Promise<Page<Row>> {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const after = request.cursor === undefined ? START : cursors.decode(request.list, request.cursor);
  const rows = await request.fetch(after, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? cursors.encode(request.list, request.positionOf(last)) : null };
}
