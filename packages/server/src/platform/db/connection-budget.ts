/** How many connections each process opens, by pool. */
export interface ProcessConnections {
  readonly pipelineConnections: number;
  readonly writerConnections: number;
  readonly systemConnections: number;
  readonly adminConnections: number;
}

/** One for LISTEN. */
const DIRECT_CONNECTIONS = 1;
/** Migrations and `nova` commands beside a running server: one migrator, one importer's pool of two. */
const RESERVE = 3;

export class ConnectionBudgetExceeded extends Error {
  override readonly name = 'ConnectionBudgetExceeded';
}

/** Connections that all processes of a deployment open at the most, with the reserve for commands beside them. */
export function connectionBudget(processes: number, pools: ProcessConnections): number {
  const { pipelineConnections, writerConnections, systemConnections, adminConnections } = pools;
  const perProcess =
    pipelineConnections + writerConnections + systemConnections + adminConnections + DIRECT_CONNECTIONS;
  return processes * perProcess + RESERVE;
}

/**
 * Refuses to start a deployment that could ask for more connections than there are (R1).
 * @param limit of the server (`max_connections` less the superusers' reserve), or of the pooler in front
 */
export function checkConnectionBudget(processes: number, pools: ProcessConnections, limit: number): void {
  const needed = connectionBudget(processes, pools);
  if (needed <= limit) return;
  throw new ConnectionBudgetExceeded(
    `${processes} process(es) may open ${needed} database connections, but the limit is ${limit}: ` +
      'lower NOVA_PROCESSES or NOVA_DATABASE_*_CONNECTIONS, or raise the limit (NOVA_DATABASE_CONNECTION_LIMIT behind a pooler)',
  );
}
