import { Client } from 'pg';
import { SELECT_BY_KEY, SET_TENANT, TENANT_SETTING } from './queries.js';
import type { RateResult } from './rate-result.js';

export interface SelectRateOptions {
  /** Address as nova_app. */
  readonly url: string;
  readonly tenantId: string;
  /** Keys that exist. */
  readonly ids: readonly string[];
  readonly inFlight: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
  /**
   * `plain`: the tenant is set once for the session. `transaction`: as the product must do it, so that no setting
   * survives in a shared connection: BEGIN, set_config, the select, COMMIT in one round trip.
   */
  readonly mode: 'plain' | 'transaction';
}

/** Primary-key selects per second on one pipelined connection, as nova_app under row-level security. */
export async function measureSelectRate(options: SelectRateOptions): Promise<RateResult> {
  const { tenantId, ids, mode } = options;
  const client = new Client({ connectionString: options.url, pipeline: true });
  await client.connect();
  try {
    if (mode === 'plain') await client.query(SET_TENANT, [TENANT_SETTING, tenantId, false]);
    const from = performance.now() + options.warmUpMs;
    const until = from + options.durationMs;
    let turn = 0;
    let counted = 0;
    const select = (id: string) =>
      client.query<{ id: string }>({ name: 'bench_select', text: SELECT_BY_KEY, values: [tenantId, id] });
    const inTransaction = async (id: string) => {
      const begin = client.query('begin');
      const set = client.query({ name: 'bench_tenant', text: SET_TENANT, values: [TENANT_SETTING, tenantId, true] });
      const result = select(id);
      const commit = client.query('commit');
      const [, , answer] = await Promise.all([begin, set, result, commit]);
      return answer;
    };
    const drive = async () => {
      for (;;) {
        const id = ids[turn++ % ids.length] ?? '';
        const { rows } = await (mode === 'plain' ? select(id) : inTransaction(id));
        if (rows[0]?.id !== id) throw new Error(`the calibration's select did not find post ${id}`);
        const now = performance.now();
        if (now >= until) return;
        if (now >= from) counted += 1;
      }
    };
    await Promise.all(Array.from({ length: options.inFlight }, drive));
    return { rate: (counted * 1_000) / options.durationMs, durationMs: options.durationMs };
  } finally {
    await client.end();
  }
}
