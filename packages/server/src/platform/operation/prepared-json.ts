import { createHash } from 'node:crypto';

/**
 * An answer that is kept as it is sent (C7): serialised once, with its ETag. REST sends the bytes; GraphQL
 * reads the value.
 */
export class PreparedJson<T = unknown> {
  readonly value: T;
  readonly body: Buffer;
  /** Quoted, as the header wants it. */
  readonly etag: string;

  constructor(value: T) {
    this.value = value;
    this.body = Buffer.from(JSON.stringify(value));
    this.etag = `"${createHash('sha1').update(this.body).digest('base64url')}"`;
  }
}
