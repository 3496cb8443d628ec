export type { Community, Progress } from './community.js';
export { importEdges } from './edges/import-edges.js';
export { ImportFormatError } from './import-format-error.js';
export { ImportReport } from './import-report.js';
export { importLdbcSnb } from './ldbc-snb/import-ldbc-snb.js';
export { DEFAULT_SIZE, seedCommunity } from './seed/seed-community.js';
