import type { ValuesOf } from '../../../platform/db/index.js';
import { platformErrors } from '../../../platform/errors/index.js';
import type { visibleList } from '../queries/user-lists.js';
import type { UserList } from './schema.js';

type Row = ValuesOf<(typeof visibleList)['row']>;

export function presentList(row: Row): UserList {
  // The column's check admits nothing else.
  return { ...row, kind: row.kind as UserList['kind'] };
}

/** Of a row that may be missing; throws `not_found` then. */
export function requireList(row: Row | undefined): UserList {
  if (row === undefined) throw platformErrors.not_found({ detail: 'there is no such list' });
  return presentList(row);
}
