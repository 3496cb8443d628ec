import { platformErrors } from '../../../platform/errors/index.js';
import { writeOperation } from '../../../platform/operation/index.js';
import { notePrincipalChange, type OnPrincipalChanged } from '../principals/note-principal-change.js';
import { RevokedTokens, RevokeTokensInput } from './schema.js';
import { revokeTokensOfTenant, revokeTokensOfUser } from './token-queries.js';

/**
 * Ends every token whose `iat` is before now, of one user or of all: dead everywhere within a second (I12). Sessions
 * that Nova has opened go on. Errors: `not_found` for unknown and deleted users.
 */
export const revokeTokens = writeOperation({
  name: 'revokeTokens',
  summary: 'End the tokens that your backend has signed until now, of one user or of all',
  access: 'secret',
  keyScope: 'users:write',
  input: RevokeTokensInput,
  output: RevokedTokens,
  async run({ onPrincipalChanged }: { readonly onPrincipalChanged: OnPrincipalChanged }, { db }, { userId }) {
    const revoked =
      userId === undefined ? await db.row(revokeTokensOfTenant, {}) : await db.row(revokeTokensOfUser, { userId });
    if (revoked === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
    if (revoked.validFrom === null) throw new Error('the time of a revocation was not written');
    await notePrincipalChange(db, onPrincipalChanged, userId ?? null);
    return { validFrom: revoked.validFrom };
  },
});
