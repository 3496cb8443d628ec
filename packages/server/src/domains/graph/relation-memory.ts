import type { Bus } from '../../platform/bus/index.js';
import { createLeasedRecords, type LeasedRecords } from '../../platform/cache/index.js';
import type { ReadHandle, SystemHandle, WriteHandle } from '../../platform/db/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Logger, Metrics } from '../../platform/telemetry/index.js';
import { MAX_KEPT_RELATIONS } from './limits.js';
import { ownRelationVersion, relationChangesSince, relationSet } from './queries/relation-memory.js';

/** Whom a block separates from a viewer, and whom the viewer mutes. */
export interface KeptRelations {
  blocking(userId: string): boolean;
  blockedBy(userId: string): boolean;
  /** Null for a mute without an end; undefined without a mute. */
  mutedUntil(userId: string): string | null | undefined;
}

/** Blocks and mutes of each viewer, from memory (C4). */
export interface RelationMemory {
  /** Undefined: ask the database. */
  of(scope: Pick<Scope, 'tenant' | 'viewer' | 'db'>): Promise<KeptRelations | undefined>;
  /** In the transaction that changes a block or a mute: who has changed it, and whom it is about. */
  changes(tx: WriteHandle, userIds: readonly string[]): void;
  start(): void;
  close(): Promise<void>;
}

export interface RelationMemoryDeps {
  readonly lookup: Pick<SystemHandle, 'row'>;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** 0 keeps none. */
  readonly maxBytes: number;
  /** No other process serves: what a viewer has changed was changed here. */
  readonly alone: boolean;
}

/** Null: more than are kept. */
type Kept = RelationSet | null;

export function createRelationMemory({ lookup, alone, ...deps }: RelationMemoryDeps): RelationMemory {
  const records: LeasedRecords<Kept> = createLeasedRecords<Kept>({
    ...deps,
    name: 'relations',
    bytesOf: (set) => set?.bytes ?? 256,
    async changesSince(since) {
      const row = await lookup.row(relationChangesSince, { since });
      if (row === undefined) throw new Error('an aggregate returned no row');
      const { snapshot, readAt, tenantIds, userIds } = row;
      const changes = userIds.map((userId, index) => ({ tenantId: tenantIds[index] ?? '', userId }));
      return { snapshot, readAt, changes };
    },
  });
  const asked = new WeakMap<ReadHandle, Promise<string>>();
  /** Asked once by the parts of a request that ask at the same moment. */
  function versionOf(db: ReadHandle, viewerId: string): Promise<string> {
    const underWay = asked.get(db);
    if (underWay !== undefined) return underWay;
    const version = db
      .row(ownRelationVersion, { viewerId })
      .then((row) => row?.version ?? '')
      .finally(() => asked.delete(db));
    asked.set(db, version);
    return version;
  }

  return {
    async of({ tenant, viewer, db }) {
      // A transaction sees what it has changed itself, and nobody else may.
      if (viewer === null || 'emit' in db) return undefined;
      const viewerId = viewer.userId;
      const load = async () => {
        const row = await db.row(relationSet, { viewerId, limit: MAX_KEPT_RELATIONS + 1 });
        return row === undefined ? null : RelationSet.from(row);
      };
      const record = await records.read(
        { tenantId: tenant.id, userId: viewerId },
        load,
        ...(alone ? [] : ([() => versionOf(db, viewerId)] as const)),
      );
      return record?.value ?? undefined;
    },
    changes(tx, userIds) {
      const { tenantId } = tx;
      tx.afterCommit(() => records.changed(userIds.map((userId) => ({ tenantId, userId }))));
    },
    start: records.start,
    close: records.close,
  };
}

/** An id as text with its place in a set. */
const ID_BYTES = 110;

class RelationSet implements KeptRelations {
  readonly #blocking: ReadonlySet<string>;
  readonly #blockedBy: ReadonlySet<string>;
  readonly #muting: ReadonlySet<string>;
  readonly #mutedUntil: ReadonlyMap<string, string>;

  /** Null when there are too many to be kept. */
  static from(row: {
    readonly blocking: readonly string[];
    readonly blockedBy: readonly string[];
    readonly muting: readonly string[];
    readonly mutingForATime: readonly string[];
    readonly mutedUntil: readonly string[];
  }): RelationSet | null {
    const lists = [row.blocking, row.blockedBy, row.muting, row.mutingForATime];
    return lists.some((ids) => ids.length > MAX_KEPT_RELATIONS) ? null : new RelationSet(row);
  }

  private constructor(row: Parameters<typeof RelationSet.from>[0]) {
    this.#blocking = new Set(row.blocking);
    this.#blockedBy = new Set(row.blockedBy);
    this.#muting = new Set(row.muting);
    this.#mutedUntil = new Map(row.mutingForATime.map((id, index) => [id, row.mutedUntil[index] ?? '']));
  }

  blocking(userId: string): boolean {
    return this.#blocking.has(userId);
  }

  blockedBy(userId: string): boolean {
    return this.#blockedBy.has(userId);
  }

  mutedUntil(userId: string): string | null | undefined {
    if (this.#muting.has(userId)) return null;
    const end = this.#mutedUntil.get(userId);
    return end !== undefined && Date.parse(end) > Date.now() ? end : undefined;
  }

  get bytes(): number {
    const ids = this.#blocking.size + this.#blockedBy.size + this.#muting.size + 2 * this.#mutedUntil.size;
    return 600 + ID_BYTES * ids;
  }
}
