import { requireViewer, type WriteScope, writeOperation } from '../../../platform/operation/index.js';
import { Privacy } from '../schema.js';
import { approvePending } from './approve-pending.js';

export interface SetPrivacyDeps {
  readonly identity: {
    setPrivacy(tx: WriteScope['db'], userId: string, isPrivate: boolean): Promise<boolean>;
  };
}

/**
 * Makes the viewer's account private or public. Followers stay; once public, whoever has asked to follow does. Doing it
 * again changes nothing.
 */
export const setPrivacy = writeOperation({
  name: 'setPrivacy',
  summary: 'Make your account private or public',
  access: 'user',
  input: Privacy,
  output: Privacy,
  async run({ identity }: SetPrivacyDeps, scope, { isPrivate }) {
    const { userId } = requireViewer(scope);
    const changed = await identity.setPrivacy(scope.db, userId, isPrivate);
    if (changed && !isPrivate) await approvePending(scope.db, userId);
    return { isPrivate };
  },
});
