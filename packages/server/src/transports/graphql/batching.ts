import type { EdgeLoader, Scope } from '../../platform/operation/index.js';

type Parent = Readonly<Record<string, unknown>>;
type Arguments = Readonly<Record<string, unknown>>;

interface Batch {
  readonly args: Arguments;
  readonly parents: Parent[];
  readonly settle: { resolve(value: unknown): void; reject(error: unknown): void }[];
}

/**
 * The batches of one request (B1, D19): calls of one edge with equal arguments, made while the answer is
 * being put together, become one call of its loader. Dies with its request, so nothing leaks between viewers.
 */
export class EdgeBatches {
  readonly #scope: Scope;
  readonly #open = new Map<EdgeLoader, Map<string, Batch>>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  load(loader: EdgeLoader, parent: Parent, args: Arguments): Promise<unknown> {
    let byArguments = this.#open.get(loader);
    if (byArguments === undefined) {
      byArguments = new Map();
      this.#open.set(loader, byArguments);
    }
    const key = JSON.stringify(args);
    let batch = byArguments.get(key);
    if (batch === undefined) {
      const opened: Batch = { args, parents: [], settle: [] };
      batch = opened;
      byArguments.set(key, opened);
      // After all promises that are settled by now have continued: their edges belong to the same batch.
      void Promise.resolve().then(() => process.nextTick(() => void this.#flush(loader, key, opened)));
    }
    batch.parents.push(parent);
    const { settle } = batch;
    return new Promise((resolve, reject) => settle.push({ resolve, reject }));
  }

  async #flush(loader: EdgeLoader, key: string, batch: Batch): Promise<void> {
    this.#open.get(loader)?.delete(key);
    try {
      const values = await loader(this.#scope, batch.parents, batch.args);
      for (const [index, { resolve }] of batch.settle.entries()) resolve(values[index]);
    } catch (error) {
      for (const { reject } of batch.settle) reject(error);
    }
  }
}
