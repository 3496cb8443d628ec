/** What became of the rows of one kind. Read = written + already there + refused. */
export interface RowCounts {
  read: number;
  written: number;
  /** Rows that an earlier run, or an earlier row, has written. */
  known: number;
  refused: number;
}

/** A row that was not taken, and why. */
export interface Refusal {
  readonly file: string;
  /** From 1, the header included. */
  readonly line: number;
  readonly reason: string;
}

/** Refusals told one by one; the others only count. */
const MAX_REFUSALS = 100;

/** The account of an import: nothing that was read goes missing from it. */
export class ImportReport {
  readonly kinds = new Map<string, RowCounts>();
  readonly refusals: Refusal[] = [];

  counts(kind: string): RowCounts {
    let counts = this.kinds.get(kind);
    if (counts === undefined) {
      counts = { read: 0, written: 0, known: 0, refused: 0 };
      this.kinds.set(kind, counts);
    }
    return counts;
  }

  /** @param rows rows handed to the database  @param written rows it took */
  stored(kind: string, rows: number, written: number): void {
    const counts = this.counts(kind);
    counts.written += written;
    counts.known += rows - written;
  }

  refuse(kind: string, refusal: Refusal): void {
    this.counts(kind).refused += 1;
    this.note(refusal);
  }

  /** A row of a table that is only looked things up in: it becomes no row of its own, so it is not counted. */
  note(refusal: Refusal): void {
    if (this.refusals.length < MAX_REFUSALS) this.refusals.push(refusal);
  }
}
