import type { Client, Connection, Submittable } from 'pg';

/** What PostgreSQL says of a statement without running it (Parse and Describe of the wire protocol). */
export interface StatementDescription {
  /** Types of `$1..$n`, as oids. */
  readonly parameters: readonly number[];
  readonly columns: readonly { readonly name: string; readonly oid: number }[];
}

/** Prepares the statement as the driver does for Nova, types left for PostgreSQL to infer, and drops it again. */
export function describeStatement(client: Client, text: string): Promise<StatementDescription> {
  return new Promise((resolve, reject) => client.query(new Describe(text, resolve, reject)));
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

interface ParameterDescription {
  readonly dataTypeIDs: readonly number[];
}

/** The part of the driver's query interface that a Describe meets. */
class Describe implements Submittable {
  readonly #text: string;
  readonly #resolve: (description: StatementDescription) => void;
  readonly #reject: (error: Error) => void;
  #parameters: readonly number[] = [];
  #columns: StatementDescription['columns'] = [];

  constructor(text: string, resolve: (description: StatementDescription) => void, reject: (error: Error) => void) {
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

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID }));
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve({ parameters: this.#parameters, columns: this.#columns });
  }
}
