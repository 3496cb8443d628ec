import type { Client, Connection, Submittable } from 'pg';
import { nodesOf, type PlanNode } from './query-plan.js';

/** What PostgreSQL says of a statement without running it. */
export interface StatementDescription {
  /** Types of `$1..$n`, as oids. */
  readonly parameters: readonly number[];
  readonly columns: readonly DescribedColumn[];
}

export interface DescribedColumn {
  readonly name: string;
  readonly oid: number;
  /** Whether the table's column that it comes from may be null, or absent by an outer join; null when computed. */
  readonly mayBeNull: boolean | null;
}

/**
 * Prepares the statement as the driver does for Nova, types left for PostgreSQL to infer, and drops it again; then
 * plans it. Describe looks at names and types only: whether the role may do this is checked when a plan is started.
 */
export async function describeStatement(client: Client, text: string): Promise<StatementDescription> {
  const { parameters, fields } = await new Promise<WireDescription>((resolve, reject) =>
    client.query(new Describe(text, resolve, reject)),
  );
  const { rows: explained } = await client.query(`explain (generic_plan, format json) ${text}`);
  const absent = absentTables(explained[0]['QUERY PLAN'][0].Plan);
  const { rows: sources } = await client.query<{ table: string | null; nullable: boolean }>(
    `select c.relname as table, not a.attnotnull as nullable
     from unnest($1::oid[], $2::int[]) with ordinality as f (table_id, number, place)
     left join pg_attribute a on a.attrelid = f.table_id and a.attnum = f.number
     left join pg_class c on c.oid = a.attrelid
     order by f.place`,
    [fields.map(({ tableID }) => tableID), fields.map(({ columnID }) => columnID)],
  );
  const columns = fields.map(({ name, dataTypeID }, index) => {
    const { table, nullable } = sources[index] ?? { table: null, nullable: false };
    return { name, oid: dataTypeID, mayBeNull: table === null ? null : nullable || absent.has(table) };
  });
  return { parameters, columns };
}

/** Tables on the side of an outer join that may be absent, wherever else in the statement they are. */
function absentTables(plan: PlanNode): Set<string> {
  const tables = new Set<string>();
  const add = (side: PlanNode) => {
    for (const { 'Relation Name': table, 'CTE Name': name } of nodesOf(side)) {
      if (table !== undefined) tables.add(table);
      const query = [...nodesOf(plan)].find((node) => node['Subplan Name'] === `CTE ${name}`);
      if (query !== undefined) add(query);
    }
  };
  for (const { 'Join Type': join, Plans: children = [] } of nodesOf(plan)) {
    for (const child of children) {
      const side = child['Parent Relationship'];
      const absent = join === 'Full' || (join === 'Left' && side === 'Inner') || (join === 'Right' && side === 'Outer');
      if (absent) add(child);
    }
  }
  return tables;
}

interface WireDescription {
  readonly parameters: readonly number[];
  readonly fields: readonly Field[];
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
  /** Of the table's column that it comes from; 0 when it is computed. */
  readonly tableID: number;
  readonly columnID: number;
}

interface ParameterDescription {
  readonly dataTypeIDs: readonly number[];
}

/** Parse and Describe of the wire protocol, as the part of the driver's query interface that they meet. */
class Describe implements Submittable {
  readonly #text: string;
  readonly #resolve: (description: WireDescription) => void;
  readonly #reject: (error: Error) => void;
  #parameters: readonly number[] = [];
  #fields: readonly Field[] = [];

  constructor(text: string, resolve: (description: WireDescription) => void, reject: (error: Error) => void) {
    this.#text = text;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    connection.once('parameterDescription', ({ dataTypeIDs }: ParameterDescription) => {
      this.#parameters = dataTypeIDs;
    });
    connection.parse({ name: '', text: this.#text, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#fields = fields;
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve({ parameters: this.#parameters, fields: this.#fields });
  }
}
