import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { INSERT_BATCH, INSERT_ROW } from './queries.js';
import type { RateResult } from './rate-result.js';

export interface InsertRateOptions {
  /** Address as nova_app. */
  readonly url: string;
  /** Rows in each statement, which is a durable transaction of its own. */
  readonly rows: number;
  /** Connections, each with one statement under way. */
  readonly connections: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
}

/** About the length of a short post. */
const BODY =
  'A calibration row with about as many characters as people write in a short post, give or take a few. '.repeat(2);

/** Rows per second into a plain table with a primary key. */
export async function measureInsertRate(options: InsertRateOptions): Promise<RateResult> {
  const { rows, durationMs } = options;
  const clients = Array.from({ length: options.connections }, () => new Client({ connectionString: options.url }));
  const bodies = Array.from({ length: rows }, () => BODY);
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const from = performance.now() + options.warmUpMs;
    const until = from + durationMs;
    let counted = 0;
    const drive = async (client: Client) => {
      for (;;) {
        const ids = Array.from({ length: rows }, () => randomUUID());
        await client.query(
          rows === 1
            ? { name: 'bench_insert', text: INSERT_ROW, values: [ids[0], BODY] }
            : { name: 'bench_batch', text: INSERT_BATCH, values: [ids, bodies] },
        );
        const now = performance.now();
        if (now >= until) return;
        if (now >= from) counted += rows;
      }
    };
    await Promise.all(clients.map(drive));
    return { rate: (counted * 1_000) / durationMs, durationMs };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
