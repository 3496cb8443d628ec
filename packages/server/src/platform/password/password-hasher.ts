import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { HashQueue, type HashQueueOptions } from './hash-queue.js';

export interface HashParameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Second choice of RFC 9106 scaled to OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 lane. */
const DEFAULT_PARAMETERS: HashParameters = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** Output and salt of the library, in bytes (RFC 9106, section 3.1: 16 bytes of salt are recommended). */
const OUTPUT_BYTES = 32;
const SALT_BYTES = 16;

export interface HashObservation {
  readonly action: 'hash' | 'verify';
  /** Turn in the queue included, in ms. */
  readonly durationMs: number;
  readonly outcome: 'ok' | 'refused';
}

export interface PasswordHasherOptions extends HashQueueOptions {
  readonly parameters?: HashParameters;
  /** Told of every hash, refused ones included; together with `running` and `waiting` the metrics of R11. */
  readonly observe?: (observation: HashObservation) => void;
}

export interface PasswordHasher {
  /** argon2id in PHC format, salt and parameters included. Throws `overloaded`, `deadline_exceeded`. */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /** Whether the password is that of the hash. Throws like `hash`, and for a text that is no hash. */
  verify(phc: string, password: string, signal?: AbortSignal): Promise<boolean>;
  /** Takes as long as `verify` and is never true: an unknown account must not answer sooner. */
  verifyDummy(password: string, signal?: AbortSignal): Promise<false>;
  /** Whether the hash was made with other parameters than new ones are. */
  needsRehash(phc: string): boolean;
  /** Hashes under way and waiting. */
  readonly running: number;
  readonly waiting: number;
}

/**
 * Password hashing off the event loop: the library computes in libuv's pool, which files and DNS share, so
 * `concurrency` should stay below its four threads. The queue is bounded (R11).
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const { memoryKib, passes, lanes } = options.parameters ?? DEFAULT_PARAMETERS;
  const queue = new HashQueue(options);
  const parameters = { memoryCost: memoryKib, timeCost: passes, parallelism: lanes, outputLen: OUTPUT_BYTES };
  const unpadded = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  // Looks like a hash and costs like one; no password is known to match 32 random bytes.
  const dummy = `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(SALT_BYTES)}$${unpadded(OUTPUT_BYTES)}`;

  async function run<T>(action: HashObservation['action'], task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const startedAt = performance.now();
    let outcome: HashObservation['outcome'] = 'refused';
    try {
      return await queue.run(() => {
        outcome = 'ok';
        return task();
      }, signal);
    } finally {
      options.observe?.({ action, durationMs: performance.now() - startedAt, outcome });
    }
  }

  return {
    hash: (password, signal) => run('hash', () => hash(prepare(password), parameters), signal),
    verify: (phc, password, signal) => run('verify', () => verify(phc, prepare(password)), signal),
    async verifyDummy(password, signal) {
      await run('verify', () => verify(dummy, prepare(password)), signal);
      return false;
    },
    needsRehash(phc) {
      const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(phc);
      return (
        !phc.startsWith('$argon2id$') ||
        memoryCost !== memoryKib ||
        timeCost !== passes ||
        parallelism !== lanes ||
        outputLen !== OUTPUT_BYTES
      );
    },
    get running() {
      return queue.running;
    },
    get waiting() {
      return queue.waiting;
    },
  };
}

/** NIST SP 800-63B, 5.1.1.2: the same characters typed on another keyboard are the same password. */
function prepare(password: string): string {
  return password.normalize('NFKC');
}
