import os from 'node:os';
import { clusterName } from './postmaster.js';

export interface ServerSettings {
  readonly port: number;
  readonly maxConnections: number;
  readonly sharedBuffersMb: number;
}

/**
 * PostgreSQL's command line. Settings go there, not into postgresql.conf, so that a data directory always runs with
 * the settings of the Nova that started it.
 */
export function serverArguments(cluster: string, settings: ServerSettings): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port: settings.port,
    cluster_name: clusterName(cluster),
    // No Unix socket: its path may not exceed 107 bytes, and data directories do.
    unix_socket_directories: '',
    max_connections: settings.maxConnections,
    shared_buffers: `${settings.sharedBuffersMb}MB`,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    // Compilation costs more than it saves on statements of a few milliseconds.
    jit: 'off',
    shared_preload_libraries: 'pg_stat_statements',
    track_io_timing: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] %q%u@%d ',
    // Statements and details quote users' data and, when roles are made, passwords.
    log_min_error_statement: 'fatal',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_lock_waits: 'on',
  };
  return ['-D', cluster, ...Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** A tenth of the memory this process may use, between 128 MB (PostgreSQL's own default) and 1 GB. */
export function defaultSharedBuffersMb(): number {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(constrained, os.totalmem()) : os.totalmem();
  return Math.min(1024, Math.max(128, Math.floor(memory / 10 / 1024 / 1024)));
}
