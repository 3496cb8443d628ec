import { ImportFormatError } from '../import-format-error.js';
import type { Place } from '../import-report.js';
import type { TextFiles } from '../text-files.js';

/** One row of a table, by position, with its place. */
export interface TableRow extends Place {
  readonly values: readonly string[];
}

/**
 * Reads a table of the "CsvMergeForeign" layout: `|` between values, no quotes, a header line in each part.
 *
 * @param onRead called for each row  @param refuse called for rows that cannot be right, which are left out
 * @throws ImportFormatError when a header is another one
 */
export async function* readTable(
  files: TextFiles,
  header: readonly string[],
  onRead: () => void,
  refuse: (place: Place, reason: string) => void,
): AsyncGenerator<TableRow> {
  for await (const { file, line, text } of files.lines()) {
    const values = text.split('|');
    if (line === 1) {
      checkHeader(file, values, header);
    } else if (text !== '') {
      onRead();
      if (values.length !== header.length) {
        refuse({ file, line }, `${values.length} values instead of ${header.length}`);
      } else if (text.includes('\0')) {
        refuse({ file, line }, 'holds a NUL character, which the database cannot');
      } else {
        yield { file, line, values };
      }
    }
  }
}

function checkHeader(file: string, found: readonly string[], expected: readonly string[]): void {
  if (found.join('|') === expected.join('|')) return;
  throw new ImportFormatError(
    `${file} starts with "${found.join('|').slice(0, 200)}", not with "${expected.join('|')}"`,
  );
}

/** Milliseconds of `2010-06-27T23:36:57.962+0000`, or `null` when it is no such date or one before 1970. */
export function parseDate(text: string): number | null {
  const [, date] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000$/.exec(text) ?? [];
  const time = Date.parse(`${date}Z`);
  // `Date` takes 31 February for 3 March, and ids hold no time before 1970.
  return time >= 0 && new Date(time).toISOString() === `${date}Z` ? time : null;
}
