import type { SystemHandle } from '../../platform/db/index.js';
import { createPeriodicFlush, type PeriodicFlush } from '../../platform/usage/index.js';
import { noteKeyUse } from './key-queries.js';

/** Coarse on purpose: a write a minute for each key in use, whatever its requests. */
const FLUSH_EVERY_MS = 60_000;
/** Keys of a minute; beyond it some are noted a minute later. */
const MAX_KEYS = 10_000;
const CHUNK = 1_000;

export interface KeyUsage extends Pick<PeriodicFlush, 'start' | 'close'> {
  /** On the way of every request with a key. */
  used(tenantId: string, keyId: string): void;
  flush(): Promise<void>;
}

/** Remembers which keys were used, and writes it in batches (B5). */
export function createKeyUsage(system: Pick<SystemHandle, 'run'>, onError: (error: unknown) => void): KeyUsage {
  const used = new Map<string, string>();
  const flush = createPeriodicFlush({
    everyMs: FLUSH_EVERY_MS,
    async flush() {
      const keys = [...used];
      used.clear();
      for (let at = 0; at < keys.length; at += CHUNK) {
        const chunk = keys.slice(at, at + CHUNK);
        await system.run(noteKeyUse, {
          tenantIds: chunk.map(([, tenantId]) => tenantId),
          keyIds: chunk.map(([keyId]) => keyId),
        });
      }
    },
    onError,
  });
  return {
    used(tenantId, keyId) {
      if (used.size < MAX_KEYS) used.set(keyId, tenantId);
    },
    flush: flush.now,
    start: flush.start,
    close: flush.close,
  };
}
