import { stat } from 'node:fs/promises';
import type { Nova } from '../app.js';
import { type Community, type ImportReport, importEdges, importLdbcSnb, type Progress } from '../imports/index.js';
import { refreshStatistics } from '../platform/db/index.js';
import type { DatabaseAddresses } from './deployment.js';
import { importSummary } from './import-summary.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

export type Import = (community: Community, progress: Progress) => Promise<ImportReport>;

/** Fills the default tenant, shows progress, and says what came of it. Throws `UsageError` when that is nothing. */
export async function runImport(
  nova: Nova,
  { owner }: Pick<DatabaseAddresses, 'owner'>,
  terminal: Terminal,
  work: Import,
): Promise<void> {
  const startedAt = performance.now();
  const report = await work(nova.community(nova.defaultTenant.id), terminal.progress);
  await refreshStatistics(owner);
  terminal.line(importSummary(report, (performance.now() - startedAt) / 1_000));
  // Some wrong rows are told and passed over; nothing but wrong rows is the wrong file.
  const useful = [...report.kinds.values()].some(({ written, known }) => written + known > 0);
  if (!useful) throw new UsageError('Nothing was imported: there is no row in it that could be taken');
}

const SOURCES: Readonly<Record<string, (place: string) => Import>> = {
  'ldbc-snb': (dir) => (community, progress) => importLdbcSnb(community, dir, progress),
  edges: (file) => async (community, progress) => {
    await checkFile(file);
    return await importEdges(community, file, progress);
  },
};

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'ENOENT' ? `There is no file ${file}` : `${file} cannot be read: ${error.code}`,
    );
  });
  if (found.isDirectory()) throw new UsageError(`${file} is a directory; an edge list is a file`);
}

/** The import that a source names. @param source `ldbc-snb:<dir>` or `edges:<file>` */
export function importOf(source: string): Import {
  const colon = source.indexOf(':');
  const place = source.slice(colon + 1);
  const make = SOURCES[source.slice(0, Math.max(colon, 0))];
  if (make === undefined || place === '') throw new UsageError('--import takes ldbc-snb:<dir> or edges:<file>');
  return make(place);
}
