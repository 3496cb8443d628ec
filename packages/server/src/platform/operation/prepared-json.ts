import { hash } from 'node:crypto';

/**
 * An answer that knows how it is sent (C7): REST sends the bytes, GraphQL reads the value. Each is made when it is
 * first asked for, and kept.
 */
export class PreparedJson<T = unknown> {
  readonly #makeValue: () => T;
  readonly #makeJson: () => string;
  #value: { readonly made: T } | undefined;
  #body: Buffer | undefined;
  #etag: string | undefined;

  /** @param makeJson what `JSON.stringify` makes of the value, by a shorter way */
  constructor(makeValue: () => T, makeJson: () => string = () => JSON.stringify(this.value)) {
    this.#makeValue = makeValue;
    this.#makeJson = makeJson;
  }

  get value(): T {
    this.#value ??= { made: this.#makeValue() };
    return this.#value.made;
  }

  get body(): Buffer {
    this.#body ??= Buffer.from(this.#makeJson());
    return this.#body;
  }

  /** Quoted, as the header wants it. */
  get etag(): string {
    this.#etag ??= `"${hash('sha1', this.body, 'base64url')}"`;
    return this.#etag;
  }
}
