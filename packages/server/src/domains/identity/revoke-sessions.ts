import type { WriteHandle } from '../../platform/db/index.js';
import { revokeOtherSessions, revokeSessions } from './session-queries.js';

/** Called after the commit of each revocation; see SessionResolver. */
export type OnRevoked = (tokenHashes: readonly Buffer[]) => void;

/** Ends one session of the user, or all (`sessionId` null), in the caller's transaction. Already ended ones are no error. */
export async function endSessions(
  tx: WriteHandle,
  onRevoked: OnRevoked,
  userId: string,
  sessionId: string | null,
): Promise<void> {
  const revoked = await tx.rows(revokeSessions, { userId, sessionId });
  if (revoked.length > 0) tx.afterCommit(() => onRevoked(revoked.map(({ tokenHash }) => tokenHash)));
}

/** Ends all sessions of the user but one, in the caller's transaction. */
export async function endOtherSessions(
  tx: WriteHandle,
  onRevoked: OnRevoked,
  userId: string,
  keptId: string | null,
): Promise<void> {
  const revoked = await tx.rows(revokeOtherSessions, { userId, keptId });
  if (revoked.length > 0) tx.afterCommit(() => onRevoked(revoked.map(({ tokenHash }) => tokenHash)));
}
