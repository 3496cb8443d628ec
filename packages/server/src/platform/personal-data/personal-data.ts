import type { Position } from '../cursor/index.js';
import type { ReadHandle, WriteHandle } from '../db/index.js';

/** One thing that is held of a user, as it is handed out. */
export interface PersonalRow {
  /** Where it stands in its section: newest first, ties by id. */
  readonly at: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A page of a section, strictly after the position; one query. */
export type ReadSection = (
  db: ReadHandle,
  userId: string,
  after: Position,
  limit: number,
) => Promise<readonly PersonalRow[]>;

/** `more`: there are rows left. `waits`: there are, and others have to do something first. */
export type Erased = 'more' | 'waits' | 'done';

/** What a part of Nova holds of its users: it alone knows how to hand it out and how to take it away. */
export interface PersonalData {
  /** The tables it answers for. A test fails when a table that names users is nobody's. */
  readonly tables: readonly string[];
  /** By the name of the section; none for what is of use to nobody but Nova. */
  readonly sections: Readonly<Record<string, ReadSection>>;
  /**
   * Deletes some rows of a user who is deleted already, about `limit`, and corrects what they were counted in. Called
   * until it is done, and once more before the user is forgotten, for what was on its way meanwhile.
   */
  erase(tx: WriteHandle, userId: string, limit: number): Promise<Erased>;
}
