import type { WriteHandle } from '../../platform/db/index.js';
import { newId } from '../../platform/ids/index.js';
import { addressPrefix } from './address-prefix.js';
import { insertSession } from './session-queries.js';
import { newSessionToken, sha256 } from './session-token.js';

const MAX_USER_AGENT = 200;

export interface IssuedSession {
  /** Exists here and with the caller only. */
  readonly token: string;
  readonly expiresAt: string;
}

/** Signs a user in, in the caller's transaction. */
export async function issueSession(
  tx: WriteHandle,
  session: {
    readonly userId: string;
    readonly userAgent: string;
    /** Absent: the session shows no place. */
    readonly remoteAddress?: string;
    readonly ttlMs: number;
  },
): Promise<IssuedSession> {
  const token = newSessionToken();
  const row = await tx.row(insertSession, {
    id: newId(),
    userId: session.userId,
    tokenHash: sha256(token),
    userAgent: session.userAgent.slice(0, MAX_USER_AGENT).toWellFormed().replaceAll('\0', ''),
    address: addressPrefix(session.remoteAddress ?? ''),
    ttlMs: session.ttlMs,
  });
  if (row === undefined) throw new Error('INSERT of a session returned no row');
  return { token, expiresAt: row.expiresAt };
}
