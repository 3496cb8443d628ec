import { createHmac } from 'node:crypto';
import type { ReadHandle, WriteHandle } from '../db/index.js';
import { platformErrors } from '../errors/index.js';
import type { BoundOperation } from '../operation/operation.js';
import type { Call } from '../operation/scope.js';
import { claimKey, keyByName, storeAnswer } from './queries.js';

export interface Claim {
  /** The earlier answer; `undefined` when this call is the first. */
  readonly replay: unknown;
  store(output: unknown): Promise<void>;
}

/**
 * Idempotency keys (I3): the record of a key is written in the transaction of its effect, so that both
 * exist or neither does, and the unique index makes concurrent retries wait for the first.
 */
export interface IdempotencyStore {
  /** `null` when the call carries no key. Throws `idempotency_conflict` for the same key with another request. */
  claim(tx: WriteHandle, operation: BoundOperation, call: Call, input: unknown): Promise<Claim | null>;
  /**
   * The answer of an earlier call, to be looked for before slow work that a retry does not need; `claim` decides.
   * `undefined` when there is none yet. Throws as `claim` does.
   */
  find(db: ReadHandle, operation: BoundOperation, call: Call, input: unknown): Promise<{ replay: unknown } | undefined>;
  /**
   * Runs calls of one key in this process one after the other: fifty retries at once then hold one
   * connection instead of fifty, waiting for one row.
   */
  serialise<T>(call: Call, work: () => Promise<T>): Promise<T>;
}

/** @param secretKey keys the request hash: bodies hold passwords, and a bare hash of one could be guessed */
export function createIdempotencyStore(secretKey: string): IdempotencyStore {
  const underWay = new Map<string, Promise<unknown>>();
  const hashOf = (operation: BoundOperation, input: unknown): Buffer =>
    createHmac('sha256', secretKey).update(operation.name).update('\0').update(canonical(input)).digest();
  return {
    async find(db, operation, call, input) {
      if (call.idempotencyKey === null) return undefined;
      const known = await db.row(keyByName, { owner: ownerOf(call), key: call.idempotencyKey });
      if (known === undefined) return undefined;
      if (!known.requestHash.equals(hashOf(operation, input))) throw platformErrors.idempotency_conflict();
      return { replay: known.answer };
    },

    async claim(tx, operation, call, input) {
      if (call.idempotencyKey === null) return null;
      const owner = ownerOf(call);
      const key = call.idempotencyKey;
      const requestHash = hashOf(operation, input);
      const claimed = await tx.row(claimKey, { owner, key, operation: operation.name, requestHash });
      if (claimed === undefined) {
        const known = await tx.row(keyByName, { owner, key });
        if (known === undefined)
          throw platformErrors.unavailable({ detail: 'the first call is not finished', retryAfterMs: 100 });
        if (!known.requestHash.equals(requestHash)) throw platformErrors.idempotency_conflict();
        return { replay: known.answer, store: async () => {} };
      }
      return {
        replay: undefined,
        store: async (output) => {
          await tx.run(storeAnswer, { owner, key, answer: withoutSecrets(output, operation.secretOutput) });
        },
      };
    },

    async serialise(call, work) {
      if (call.idempotencyKey === null) return await work();
      const name = `${call.principal.tenant.id}\0${ownerOf(call)}\0${call.idempotencyKey}`;
      const before = underWay.get(name) ?? Promise.resolve();
      const mine = before.then(work, work);
      const settled = mine.catch(() => {});
      underWay.set(name, settled);
      try {
        return await mine;
      } finally {
        if (underWay.get(name) === settled) underWay.delete(name);
      }
    },
  };
}

/** A key belongs to its user, or before sign-in to the API key it came with. */
function ownerOf(call: Call): string {
  const { viewer, keyId } = call.principal;
  return viewer !== null ? `user:${viewer.userId}` : `key:${keyId ?? 'none'}`;
}

function withoutSecrets(output: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || typeof output !== 'object' || output === null) return output;
  return { ...output, ...Object.fromEntries(names.map((name) => [name, null])) };
}

/** JSON with sorted keys: the order of fields makes no other request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
