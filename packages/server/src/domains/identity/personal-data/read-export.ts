import type { Static } from 'typebox';
import { type Cursors, DEFAULT_LIMIT, type Position } from '../../../platform/cursor/index.js';
import { platformErrors } from '../../../platform/errors/index.js';
import type { Scope } from '../../../platform/operation/index.js';
import type { PersonalData } from '../../../platform/personal-data/index.js';
import type { ExportPage } from './schema.js';

export interface ExportDeps {
  readonly cursors: Cursors;
  readonly parts: readonly PersonalData[];
}

export interface ExportRequest {
  /** In cursors. */
  readonly list: string;
  readonly userId: string;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
}

/** Before all of a section lie the end of time and the largest UUID. */
const START: Position = { key: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/**
 * A page of what is held of a user, section by section: one query, and never more than a page in memory. The last page of
 * a section may be short, even empty; the last page of all has no cursor. The sort key of a cursor is the section and the
 * place in it.
 */
export async function readExport(
  { cursors, parts }: ExportDeps,
  { tenant, db }: Pick<Scope, 'tenant' | 'db'>,
  { list, userId, limit = DEFAULT_LIMIT, cursor }: ExportRequest,
): Promise<Static<typeof ExportPage>> {
  const sections = parts.flatMap((part) => Object.entries(part.sections));
  const name = `${list}/${tenant.id}/${userId}`;
  const [firstSection = ''] = sections[0] ?? [];
  const place = cursor === undefined ? { section: firstSection, after: START } : placeOf(cursors.decode(name, cursor));
  const index = sections.findIndex(([section]) => section === place.section);
  const [section = '', read] = sections[index] ?? [];
  // A section that a later version has given up.
  if (read === undefined) throw platformErrors.invalid_cursor();
  const rows = await read(db, userId, place.after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? { section, after: { key: last.at, id: last.id } }
      : { section: sections[index + 1]?.[0], after: START };
  return {
    items: page.map(({ data }) => ({ section, data })),
    nextCursor:
      next.section === undefined
        ? null
        : cursors.encode(name, { key: `${next.section} ${next.after.key}`, id: next.after.id }),
  };
}

function placeOf({ key, id }: Position): { readonly section: string; readonly after: Position } {
  const blank = key.indexOf(' ');
  return { section: key.slice(0, blank), after: { key: key.slice(blank + 1), id } };
}
