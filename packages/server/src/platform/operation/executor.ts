import type { Database, WriteHandle } from '../db/index.js';
import { platformErrors } from '../errors/index.js';
import type { IdempotencyStore } from '../idempotency/index.js';
import type { UsageMeter } from '../usage/index.js';
import { coversScopes } from './key-scopes.js';
import type { BoundOperation } from './operation.js';
import type { Call, Role, Scope } from './scope.js';
import { type Check, compileCheck } from './validate.js';

export interface Outcome {
  readonly output: unknown;
  /** The answer is that of an earlier call with the same Idempotency-Key. */
  readonly replayed: boolean;
}

export type Execute = (operation: BoundOperation, call: Call, input: unknown) => Promise<Outcome>;

export interface ExecutorDeps {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly idempotency: IdempotencyStore;
  readonly ownWrites: OwnWrites;
  /** Absent: nothing is counted. */
  readonly usage?: Pick<UsageMeter, 'add'>;
}

/** Told of the changes of each user, so that what is cached of theirs is known to be old (I4). */
interface OwnWrites {
  /** In the transaction, after all else. */
  note(user: { tenantId: string; userId: string }, db: WriteHandle): Promise<void>;
  committed(user: { tenantId: string; userId: string }): void;
}

/**
 * The one way from a transport to an operation: access, validation, then a read handle or a transaction
 * with its idempotency record (I3). Throws what the operation throws.
 */
export function createExecutor({ database, idempotency, ownWrites, usage }: ExecutorDeps): Execute {
  const checks = new WeakMap<object, Check<BoundOperation['input']>>();
  const checkOf = (operation: BoundOperation) => {
    let check = checks.get(operation.input);
    if (check === undefined) {
      check = compileCheck(operation.input);
      checks.set(operation.input, check);
    }
    return check;
  };

  return async (operation, call, raw) => {
    requireAccess(operation, call);
    const input = checkOf(operation)(raw);
    if (performance.now() >= call.deadlineAt) throw platformErrors.deadline_exceeded();
    const { tenant, viewer } = call.principal;
    const writer = viewer === null ? null : { tenantId: tenant.id, userId: viewer.userId };
    const scope = readScope(database, call);
    if (operation.kind === 'read') {
      return { output: await operation.run(scope as never, input, undefined), replayed: false };
    }
    const write = async (): Promise<Outcome> => {
      // A retry of a sign-up is not to hash its password once more.
      const known = operation.prepare && (await idempotency.find(scope.db, operation, call, input));
      if (known !== undefined) return { output: known.replay, replayed: true };
      const prepared = await operation.prepare?.(scope, input);
      return await database.transaction(
        tenant.id,
        async (tx) => {
          const claim = await idempotency.claim(tx, operation, call, input);
          if (claim?.replay !== undefined) return { output: claim.replay, replayed: true };
          const output = await operation.run({ ...scope, db: tx }, input, prepared);
          await claim?.store(output);
          if (writer !== null) await ownWrites.note(writer, tx);
          return { output, replayed: false };
        },
        { deadlineAt: call.deadlineAt, correlationId: call.correlationId },
      );
    };
    const outcome = await idempotency.serialise(call, write);
    if (writer !== null) ownWrites.committed(writer);
    if (operation.counts !== null && !outcome.replayed) usage?.add(tenant.id, operation.counts);
    return outcome;
  };
}

const RANK = { member: 0, moderator: 1, owner: 2 } as const satisfies Record<Role, number>;

function requireAccess({ access, keyScope }: BoundOperation, call: Call): void {
  const { viewer, secret, keyScopes } = call.principal;
  switch (access) {
    case 'anyone':
      break;
    case 'user':
      if (viewer === null) throw platformErrors.unauthenticated();
      break;
    case 'secret':
      if (secret) break;
      throw viewer === null ? platformErrors.unauthenticated() : platformErrors.forbidden();
    case 'moderator':
    case 'owner':
      if (secret) break;
      if (viewer === null) throw platformErrors.unauthenticated();
      if (RANK[viewer.role] < RANK[access]) {
        throw platformErrors.role_required({ detail: `only the role ${access} may do this; yours is ${viewer.role}` });
      }
  }
  if (keyScope !== null && !coversScopes(keyScopes, [keyScope])) {
    throw platformErrors.missing_scope({ detail: `the key needs the scope ${keyScope}` });
  }
}

/** The scope of a call's reads; GraphQL's edges use it between operations. */
export function readScope(database: Pick<Database, 'read'>, call: Call): Scope {
  const { principal, remoteAddress, userAgent, correlationId } = call;
  const { tenant, viewer, keyId, keyScopes } = principal;
  return {
    tenant,
    viewer,
    keyId,
    keyScopes,
    db: database.read(tenant.id, call.deadlineAt),
    remoteAddress,
    userAgent,
    correlationId,
    // Few operations log or abort: the call makes both when they are first asked for.
    get log() {
      return call.log;
    },
    get signal() {
      return call.signal;
    },
  };
}
