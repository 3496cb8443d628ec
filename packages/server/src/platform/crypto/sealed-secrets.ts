import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps secrets that Nova has to know again, so that a copy of the database does not give them away. */
export interface Sealer {
  /** @param context where it is kept, such as the id of its row: moved elsewhere it does not open */
  seal(secret: string, context: string): Buffer;
  /** Throws for what was sealed with another key or in another context, or was changed. */
  open(sealed: Buffer, context: string): string;
}

/** The first byte says how the rest is sealed, so that a later version can do it otherwise. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM: `version(1) | nonce(12) | tag(16) | ciphertext`, under a key derived for nothing else. A random nonce of
 * 96 bits is good for 2^32 secrets (NIST SP 800-38D, 8.3).
 */
export function createSealer(secretKey: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'nova sealed secrets v1', 32));
  return {
    seal(secret, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, context) {
      if (sealed[0] !== VERSION) throw new Error('sealed in a way that this version does not know');
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      return Buffer.concat([
        decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString();
    },
  };
}
