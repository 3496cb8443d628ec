import { createPublicKey, randomBytes } from 'node:crypto';
import type { Static } from 'typebox';
import type { Sealer } from '../../../platform/crypto/index.js';
import { platformErrors } from '../../../platform/errors/index.js';
import { newId } from '../../../platform/ids/index.js';
import { writeOperation } from '../../../platform/operation/index.js';
import { identityErrors } from '../errors.js';
import { CreatedTokenKey, CreateTokenKeyInput } from './schema.js';
import { sealingContext } from './token-keys.js';
import { insertTokenKey } from './token-queries.js';

/** Keys in use per tenant: one, and the next one while apps change over; the rest is for those with many backends. */
const MAX_KEYS = 20;
const SECRET_PREFIX = 'nova_ts_';
/** Node would take a private key as well, and make the public one of it: Nova must not be sent any. */
const PUBLIC_KEY = /^\s*-----BEGIN PUBLIC KEY-----/;

/**
 * A key more for the tokens that the tenant's backend signs. With HS256 Nova makes the secret; what signs is its text as
 * it is, in UTF-8. Errors: `too_many_token_keys`.
 */
export const createTokenKey = writeOperation({
  name: 'createTokenKey',
  summary: 'Add a key for the tokens of users that your backend signs; a secret is shown once',
  access: 'secret',
  keyScope: 'keys:write',
  input: CreateTokenKeyInput,
  output: CreatedTokenKey,
  secretOutput: ['secret'],
  async run(
    { sealer }: { readonly sealer: Pick<Sealer, 'seal'> },
    { db, tenant },
    { algorithm, publicKey },
  ): Promise<Static<typeof CreatedTokenKey>> {
    const id = newId();
    const publicBytes = algorithm === 'EdDSA' ? ed25519Of(publicKey) : refuseOf(publicKey);
    const secret = algorithm === 'HS256' ? SECRET_PREFIX + randomBytes(32).toString('base64url') : null;
    const tokenKey = await db.row(insertTokenKey, {
      id,
      algorithm,
      sealedSecret: secret === null ? null : sealer.seal(secret, sealingContext(tenant.id, id)),
      publicKey: publicBytes,
      limit: MAX_KEYS,
    });
    if (tokenKey === undefined) throw identityErrors.too_many_token_keys();
    return { tokenKey, secret };
  },
});

function ed25519Of(pem: string | undefined): Buffer {
  if (pem === undefined) throw wrongKey('is required for EdDSA');
  if (!PUBLIC_KEY.test(pem)) throw wrongKey('must be a public key as PEM');
  let x: string | undefined;
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') x = key.export({ format: 'jwk' }).x;
  } catch (cause) {
    throw wrongKey('must be a public key as PEM', cause);
  }
  if (x === undefined) throw wrongKey('must be a key of Ed25519');
  return Buffer.from(x, 'base64url');
}

function refuseOf(pem: string | undefined): null {
  if (pem !== undefined) throw wrongKey('is for EdDSA only: the secret of HS256 is made by Nova');
  return null;
}

function wrongKey(reason: string, cause?: unknown) {
  return platformErrors.invalid_request({ problems: [{ path: 'publicKey', reason }], cause });
}
