import { hash, verify } from '@node-rs/argon2';
import type { RateResult } from './rate-result.js';

export interface PasswordHashRateOptions {
  /** Verifications at a time, as many as the server computes (NOVA_IDENTITY_PASSWORD_HASH_CONCURRENCY). */
  readonly concurrency: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
}

/** The server's parameters: OWASP's minimum for argon2id, 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Argon2id verifications per second with nothing around them. */
export async function measurePasswordHashRate(options: PasswordHashRateOptions): Promise<RateResult> {
  const { durationMs } = options;
  const phc = await hash('correct horse battery staple', PARAMETERS);
  const from = performance.now() + options.warmUpMs;
  const until = from + durationMs;
  let counted = 0;
  const drive = async () => {
    for (;;) {
      const startedAt = performance.now();
      if (!(await verify(phc, 'correct horse battery staple'))) throw new Error('a right password was refused');
      const now = performance.now();
      // A verification takes a good part of a slice: what reaches over its edges counts for its part inside.
      counted += Math.max(Math.min(now, until) - Math.max(startedAt, from), 0) / (now - startedAt);
      if (now >= until) return;
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, drive));
  return { rate: (counted * 1_000) / durationMs, durationMs };
}
