import { inspect } from 'node:util';

/** What every rendering of a secret shows. */
export const SECRET_MASK = '[secret]';

/**
 * A value that must not reach a log, an error or an answer by accident. Every implicit rendering (string
 * conversion, template, JSON, `util.inspect`, `console.log`) gives `[secret]`; only `reveal()` gives the value,
 * which makes each use greppable. The value sits in a private field, so spreading, cloning and key enumeration
 * do not carry it along either.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself. Hand it straight to the code that needs it; do not store it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SECRET_MASK;
  }

  toJSON(): string {
    return SECRET_MASK;
  }

  [Symbol.toPrimitive](): string {
    return SECRET_MASK;
  }

  [inspect.custom](): string {
    return SECRET_MASK;
  }
}
