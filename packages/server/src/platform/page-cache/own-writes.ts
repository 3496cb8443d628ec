import type { ReadHandle, WriteHandle } from '../db/index.js';
import { noteOwnWrite, ownWriteVersion } from './queries.js';

interface Viewer {
  readonly tenantId: string;
  readonly userId: string;
}

/** Tells whether a viewer has changed something since a page of theirs was cached (I4). */
export interface OwnWrites {
  /**
   * A value that is another one after each change of the viewer's, from before its answer is sent.
   * @param db asked only where other processes may have written
   */
  version(viewer: Viewer, db: ReadHandle): string | Promise<string>;
  /** The last of the statements of a change. */
  note(viewer: Viewer, db: WriteHandle): Promise<void>;
  /** The change is committed. */
  committed(viewer: Viewer): void;
}

/** About 15 MB. */
const MAX_VIEWERS = 100_000;

/**
 * For a process that is alone with its database: a map answers.
 * @param maxViewers whose last change is remembered; beyond it all are taken to have changed something
 */
export function createLocalWrites(maxViewers = MAX_VIEWERS): OwnWrites {
  const counts = new Map<string, number>();
  let generation = 0;
  const keyOf = ({ tenantId, userId }: Viewer) => `${tenantId}/${userId}`;
  return {
    version: (viewer) => `${generation}.${counts.get(keyOf(viewer)) ?? 0}`,
    note: async () => {},
    committed(viewer) {
      if (counts.size >= maxViewers) {
        counts.clear();
        generation += 1;
      }
      counts.set(keyOf(viewer), (counts.get(keyOf(viewer)) ?? 0) + 1);
    },
  };
}

/**
 * For one process of several: the database answers, by primary key, for a message between processes can be late and
 * the caller's next read may come to any of them.
 */
export function createSharedWrites(): OwnWrites {
  return {
    version: async ({ userId }, db) => (await db.row(ownWriteVersion, { userId }))?.version ?? '',
    async note({ userId }, db) {
      await db.run(noteOwnWrite, { userId });
    },
    committed() {},
  };
}
