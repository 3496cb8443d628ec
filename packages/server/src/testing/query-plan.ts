/** A node of `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)`, as far as tests look at it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'CTE Name'?: string;
  readonly 'Join Type'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Sort Method'?: string;
  readonly 'Hash Batches'?: number;
  readonly 'HashAgg Batches'?: number;
  readonly 'Temp Read Blocks'?: number;
  readonly 'Temp Written Blocks'?: number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What a plan may do; what is not said here it may not. */
export interface PlanBounds {
  /** Indexes that it must go through; of several together any will do, as of the same columns in another order. */
  readonly through?: readonly (string | readonly string[])[];
  /** Rows that all its scans together may read. */
  readonly reads?: number;
  /** Rows that one of its sorts may hold: as many as its limit, or without a limit all that it is given. */
  readonly sorts?: number;
  /** Tables that it may read as a whole, for they are small. */
  readonly scans?: readonly string[];
}

/** What is wrong with the plan; nothing when it keeps its bounds. */
export function planFlaws(plan: PlanNode, { through = [], reads = 0, sorts = 0, scans = [] }: PlanBounds): string[] {
  const found: string[] = [];
  const used = new Set<string>();
  for (const node of nodesOf(plan)) {
    const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index } = node;
    if (index !== undefined) used.add(index);
    if (type === 'Seq Scan' && !scans.includes(table)) found.push(`reads all of ${table}`);
    const sorted = rowsSorted(node);
    if (sorted > sorts) found.push(`sorts ${sorted} rows instead of ${sorts}`);
    const batches = Math.max(node['Hash Batches'] ?? 1, node['HashAgg Batches'] ?? 1);
    if (batches > 1) found.push(`hashes in ${batches} batches`);
  }
  // The blocks of a node contain those of the nodes below it.
  const spilled = (plan['Temp Read Blocks'] ?? 0) + (plan['Temp Written Blocks'] ?? 0);
  if (spilled > 0) found.push(`spills ${spilled} blocks to disk`);
  for (const indexes of through.map((either) => [either].flat())) {
    if (!indexes.some((index) => used.has(index))) {
      found.push(`does not use ${indexes.join(' or ')}, but ${[...used].join(', ')}`);
    }
  }
  const read = rowsRead(plan);
  if (read > reads) found.push(`reads ${read} rows instead of ${reads}`);
  if (read === 0 && reads > 0) found.push('reads nothing, so it shows nothing');
  return found;
}

/** The nodes of a plan, from its root down. */
export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

/** Of a top-N those that it keeps. Any other sort holds what it is given, however few of them are then fetched. */
function rowsSorted(node: PlanNode): number {
  if (!node['Node Type'].endsWith('Sort')) return 0;
  const input = node.Plans?.find((child) => child['Parent Relationship'] === 'Outer');
  const counted = node['Sort Method'] === 'top-N heapsort' ? node : input;
  return counted?.['Actual Rows'] ?? 0;
}

/** Rows that the scans of tables and indexes have gone through, those that a filter then dropped included. */
function rowsRead(plan: PlanNode): number {
  let sum = 0;
  for (const node of nodesOf(plan)) {
    if (node['Relation Name'] === undefined || node['Node Type'] === 'ModifyTable') continue;
    const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': rechecked = 0 } = node;
    sum += ((node['Actual Rows'] ?? 0) + filtered + rechecked) * (node['Actual Loops'] ?? 0);
  }
  return Math.round(sum);
}
