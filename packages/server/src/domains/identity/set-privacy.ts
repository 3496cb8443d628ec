import type { WriteHandle } from '../../platform/db/index.js';
import { userUpdated } from './events.js';
import { setPrivacy as setPrivacyQuery } from './queries.js';

/** Makes an account private or public, in the caller's transaction; whether that changed anything. */
export async function setPrivacy(tx: WriteHandle, userId: string, isPrivate: boolean): Promise<boolean> {
  const changed = (await tx.run(setPrivacyQuery, { userId, isPrivate })) > 0;
  if (changed) tx.emit(userUpdated(userId));
  return changed;
}
