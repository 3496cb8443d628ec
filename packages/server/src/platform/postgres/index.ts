export { backup } from './backup.js';
export type { MigrationRecord } from './backup-format.js';
export { fileDigest } from './backup-format.js';
export { CopyOut } from './copy-protocol.js';
export { defaultDataDirectory } from './data-directory.js';
export { replacePrivateFile, syncPath } from './durable-file.js';
export { startEmbeddedPostgres } from './embedded-server.js';
export { DataDirectoryInUse, EmbeddedPostgresError } from './errors.js';
export { restore } from './restore.js';
