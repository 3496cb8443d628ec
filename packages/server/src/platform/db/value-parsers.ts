import { types } from 'pg';
import { pg } from './columns.js';

/**
 * How values arrive from PostgreSQL's text format. A table of our own instead of `pg.types.setTypeParser`,
 * which would change every pool of the process.
 */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.int8.oid]: Number,
  [pg.timestamptz.oid]: rfc3339,
  [pg.xid8.oid]: (text) => text,
  [pg.int8Array.oid]: (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)),
  [pg.timestamptzArray.oid]: (text) =>
    text === '{}' ? [] : text.slice(1, -1).replaceAll('"', '').split(',').map(rfc3339),
  [pg.boolArray.oid]: (text) =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((each) => each === 't'),
  [pg.uuidArray.oid]: (text) => (text === '{}' ? [] : text.slice(1, -1).split(',')),
};

const WITH_MICROSECONDS = '2010-06-27 23:36:57.962123+00'.length;

/**
 * `2010-06-27 23:36:57.962+00` -> `2010-06-27T23:36:57.962000Z`. Sessions run in UTC (ALTER ROLE), so the
 * offset is always `+00`. Always six digits: equal instants are equal strings, and strings sort as time.
 */
function rfc3339(text: string): string {
  // Nine of ten have all six digits already: a page of posts has forty.
  if (text.length === WITH_MICROSECONDS) return `${text.slice(0, 10)}T${text.slice(11, -3)}Z`;
  const fraction = text.slice(19, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.slice(1).padEnd(6, '0')}Z`;
}

export const valueParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return parsers[oid] ?? types.getTypeParser(oid, format ?? 'text');
  },
} as typeof types;
