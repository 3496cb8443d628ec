/** How many connections each process opens, by pool. */
export interface ProcessConnections {
  readonly pipelineConnections: number;
  readonly writerConnections: number;
  readonly systemConnections: number;
  readonly adminConnections: number;
}

/** One for LISTEN. */
const DIRECT_CONNECTIONS = 1;
/** Pools of a command beside a running server: it does one thing at a time. */
export const COMMAND_CONNECTIONS: ProcessConnections = {
  pipelineConnections: 1,
  writerConnections: 1,
  systemConnections: 1,
  adminConnections: 1,
};
/** The owner's, for migrations and statistics. */
const OWNER_CONNECTIONS = 1;

export class ConnectionBudgetExceeded extends Error {
  override readonly name = 'ConnectionBudgetExceeded';
}

/** Connections that all processes of a deployment open at the most, with those kept for one command beside them. */
export function connectionBudget(processes: number, pools: ProcessConnections): number {
  return processes * ofProcess(pools) + ofProcess(COMMAND_CONNECTIONS) + OWNER_CONNECTIONS;
}

function ofProcess(pools: ProcessConnections): number {
  const { pipelineConnections, writerConnections, systemConnections, adminConnections } = pools;
  return pipelineConnections + writerConnections + systemConnections + adminConnections + DIRECT_CONNECTIONS;
}

/**
 * Refuses to start a deployment that could ask for more connections than there are (R1).
 * @param limit of the server (`max_connections` less what is reserved), or of the pooler in front
 */
export function checkConnectionBudget(processes: number, pools: ProcessConnections, limit: number): void {
  const needed = connectionBudget(processes, pools);
  if (needed <= limit) return;
  throw new ConnectionBudgetExceeded(
    `${processes} process(es) may open ${needed} database connections, but the limit is ${limit}: ` +
      'lower NOVA_PROCESSES or NOVA_DATABASE_*_CONNECTIONS, or raise the limit (NOVA_DATABASE_CONNECTION_LIMIT behind a pooler)',
  );
}
