import { createHash } from 'node:crypto';
import Type from 'typebox';
import { UUID, uuidv7 } from 'uuidv7';

/** Random bytes of a UUIDv7; 6 of their 80 bits give way to version and variant. */
const RANDOM_BYTES = 10;

/** Any UUID in canonical lower-case form: what PostgreSQL prints, so that equal ids are equal strings. */
export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  maxLength: 36,
  description: 'UUID, in lower case',
});

/** A new UUIDv7 (RFC 9562, section 5.7); ids made by one process ascend. */
export function newId(): string {
  return uuidv7();
}

/**
 * The UUIDv7 of a given moment, for rows that happened earlier.
 * @param timeMs milliseconds since 1970, 0..2^48-1; a fraction is dropped. Throws RangeError outside.
 * @param random 10 bytes; the same ones make the same id
 */
export function idAt(timeMs: number, random: Uint8Array): string {
  const time = Math.floor(timeMs);
  if (!(time >= 0 && time < 2 ** 48)) throw new RangeError(`no UUIDv7 has the time ${timeMs}`);
  if (random.length !== RANDOM_BYTES) throw new RangeError(`a UUIDv7 takes ${RANDOM_BYTES} random bytes`);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(time, 0, 6);
  bytes.set(random, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return UUID.ofInner(bytes).toString();
}

/**
 * The id of something named elsewhere: importing it again gives the same id.
 * @param timeMs see `idAt`; part of the identity
 * @param namespace what kind of name it is, without NUL: `twitter/post`
 */
export function deterministicId(timeMs: number, namespace: string, name: string): string {
  const digest = createHash('sha256').update(namespace).update('\0').update(name).digest();
  return idAt(timeMs, digest.subarray(0, RANDOM_BYTES));
}
