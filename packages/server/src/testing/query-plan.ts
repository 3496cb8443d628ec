/** A node of `EXPLAIN (ANALYZE, FORMAT JSON)`, as far as tests look at it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Sort Space Type'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Visits a plan from its root down; `parents` is the way there, the root first. */
export function walkPlan(
  plan: PlanNode,
  visit: (node: PlanNode, parents: readonly PlanNode[]) => void,
  parents: readonly PlanNode[] = [],
): void {
  visit(plan, parents);
  for (const child of plan.Plans ?? []) walkPlan(child, visit, [...parents, plan]);
}

/** Rows that the scans of tables and indexes have gone through, those that a filter then dropped included. */
export function rowsRead(plan: PlanNode): number {
  let sum = 0;
  walkPlan(plan, (node) => {
    if (node['Relation Name'] === undefined) return;
    const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': rechecked = 0 } = node;
    sum += (node['Actual Rows'] + filtered + rechecked) * node['Actual Loops'];
  });
  return Math.round(sum);
}
