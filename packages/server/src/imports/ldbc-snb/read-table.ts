import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** One row of a table, by position, with its place in the file. */
export interface TableRow {
  readonly line: number;
  readonly values: readonly string[];
}

export interface TableFormat {
  /** Below the data set's folder. */
  readonly file: string;
  readonly header: readonly string[];
}

export class ImportFormatError extends Error {
  override readonly name = 'ImportFormatError';
}

/**
 * Reads one file of the "CsvMergeForeign" layout: `|` between values, no quotes, a header line.
 *
 * @param onRead called for each row  @param refuse called for rows with a wrong number of values, which are left out
 * @throws ImportFormatError when the file is missing or its header is another one
 */
export async function* readTable(
  dir: string,
  { file, header }: TableFormat,
  onRead: () => void,
  refuse: (line: number, reason: string) => void,
): AsyncGenerator<TableRow> {
  const stream = createReadStream(path.join(dir, file));
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  try {
    for await (const text of lines) {
      line += 1;
      const values = text.split('|');
      if (line === 1) {
        checkHeader(file, values, header);
      } else if (text !== '') {
        onRead();
        if (values.length === header.length) yield { line, values };
        else refuse(line, `${values.length} values instead of ${header.length}`);
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new ImportFormatError(`${file} is missing in ${dir}`);
    throw error;
  } finally {
    lines.close();
    stream.destroy();
  }
  if (line === 0) throw new ImportFormatError(`${file} is empty`);
}

function checkHeader(file: string, found: readonly string[], expected: readonly string[]): void {
  if (found.join('|') === expected.join('|')) return;
  throw new ImportFormatError(
    `${file} starts with "${found.join('|').slice(0, 200)}", not with "${expected.join('|')}"`,
  );
}

/** Milliseconds of `2010-06-27T23:36:57.962+0000`, or `null` when it is no such date. */
export function parseDate(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000$/.exec(text);
  const time = match ? Date.parse(`${match[1]}Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
