import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ImportFormatError } from '../import-format-error.js';
import { TextFiles } from '../text-files.js';

/**
 * Opens all parts of a table: the generator writes one for each of its threads, `person_0_0.csv`, `person_0_1.csv`, ...
 *
 * @param table below the data set's folder: `dynamic/person`
 * @throws ImportFormatError when there is no part, or an empty one
 */
export async function openTable(dir: string, table: string): Promise<TextFiles> {
  const folder = path.dirname(table);
  const part = new RegExp(`^${path.basename(table)}_\\d+_\\d+\\.csv$`);
  const names = await readdir(path.join(dir, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const parts = names.filter((name) => part.test(name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (parts.length === 0) throw new ImportFormatError(`${table}_0_0.csv is missing in ${dir}`);
  return await TextFiles.open(
    dir,
    parts.map((name) => `${folder}/${name}`),
  );
}
