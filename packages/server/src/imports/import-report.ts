import type { LeftOutReason } from './community.js';

/** What became of the rows of one kind. Read = written + already there + refused. */
export interface RowCounts {
  read: number;
  written: number;
  /** Rows that an earlier run, or an earlier row, has written. */
  known: number;
  refused: number;
}

/** Where a row comes from. */
export interface Place {
  readonly file: string;
  /** From 1, the header included. */
  readonly line: number;
}

/** A row that was not taken, and why. */
export interface Refusal extends Place {
  readonly reason: string;
}

/** Refusals told one by one; the others only count. */
const MAX_REFUSALS = 100;

const REASONS: Readonly<Record<Exclude<LeftOutReason, 'known'>, string>> = {
  handle_taken: 'another user has its handle',
  email_taken: 'another user has its e-mail address',
  self: 'nobody follows themself',
  blocked: 'one of the two blocks the other',
  no_such_user: 'a user that it names is not there',
  no_such_post: 'its post is not there, or was deleted',
};

/** The account of an import: nothing that was read goes missing from it. */
export class ImportReport {
  readonly kinds = new Map<string, RowCounts>();
  readonly refusals: Refusal[] = [];
  /** Refusals beyond those that are told. */
  untold = 0;

  counts(kind: string): RowCounts {
    let counts = this.kinds.get(kind);
    if (counts === undefined) {
      counts = { read: 0, written: 0, known: 0, refused: 0 };
      this.kinds.set(kind, counts);
    }
    return counts;
  }

  /** @param leftOut why the database has not taken it; undefined when it has */
  settle(kind: string, place: Place, leftOut: LeftOutReason | undefined): void {
    if (leftOut === undefined) this.counts(kind).written += 1;
    else if (leftOut === 'known') this.counts(kind).known += 1;
    else this.refuse(kind, place, REASONS[leftOut]);
  }

  refuse(kind: string, place: Place, reason: string): void {
    this.counts(kind).refused += 1;
    this.note(place, reason);
  }

  /** A row of a table that is only looked things up in: it becomes no row of its own, so it is not counted. */
  note({ file, line }: Place, reason: string): void {
    if (this.refusals.length < MAX_REFUSALS) this.refusals.push({ file, line, reason });
    else this.untold += 1;
  }
}
