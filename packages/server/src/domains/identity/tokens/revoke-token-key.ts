import { platformErrors } from '../../../platform/errors/index.js';
import { writeOperation } from '../../../platform/operation/index.js';
import { notePrincipalChange, type OnPrincipalChanged } from '../principals/note-principal-change.js';
import { Nothing } from '../schema.js';
import { RevokeTokenKeyInput } from './schema.js';
import { revokeTokenKey as revokeKey } from './token-queries.js';

/** Ends a key: its tokens are dead everywhere within a second (I12). One that has ended already is no error. */
export const revokeTokenKey = writeOperation({
  name: 'revokeTokenKey',
  summary: 'Revoke a key for tokens: all that it has signed is dead',
  access: 'secret',
  keyScope: 'keys:write',
  input: RevokeTokenKeyInput,
  output: Nothing,
  async run({ onPrincipalChanged }: { readonly onPrincipalChanged: OnPrincipalChanged }, { db }, { keyId }) {
    const revoked = await db.row(revokeKey, { keyId });
    if (revoked === undefined) throw platformErrors.not_found({ detail: 'there is no such key' });
    await notePrincipalChange(db, onPrincipalChanged, keyId);
    return null;
  },
});
