import { type Cache, createBatchLoader, createCache } from '../../platform/cache/index.js';
import type { SystemHandle } from '../../platform/db/index.js';
import type { Plan, Tenant } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import type {
  Overrides,
  SettingGroup,
  SettingsRegistry,
  SettingValues,
  TenantSettings,
} from '../../platform/tenant-settings/index.js';
import { openTenants } from './queries.js';
import { quotaSettings, quotasOf } from './settings.js';

/** Plan, settings and closing act within a second everywhere: no answer is older than this. */
const TTL_MS = 900;
const MAX_ENTRIES = 20_000;
const MAX_BATCH = 500;
const MAX_WAITING = 10_000;
/** The usual deadline of a request (I9). */
const MAX_WAIT_MS = 1_800;

interface Entry {
  readonly tenant: Tenant;
  readonly settings: Overrides;
}

/** What is so of a tenant now, from memory: one query each 900 ms for all tenants in use, and none in between. */
export interface TenantDirectory extends TenantSettings {
  /** The tenant with its plan and quotas; null when it is not open. Throws `unavailable` and the like. */
  openTenant(tenantId: string): Promise<Tenant | null>;
  /** To be called after the commit of a change. */
  onChanged(tenantId: string): void;
  close(): void;
}

export interface TenantDirectoryOptions {
  readonly lookup: Pick<SystemHandle, 'rows'>;
  readonly registry: SettingsRegistry;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
}

export function createTenantDirectory({ lookup, registry, metrics }: TenantDirectoryOptions): TenantDirectory {
  const cache: Cache<Entry | null> = createCache({ name: 'tenants', maxEntries: MAX_ENTRIES, ttlMs: TTL_MS, metrics });
  const load = createBatchLoader<string, Entry>({
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    async load(ids) {
      const rows = await lookup.rows(openTenants, { ids });
      return new Map(rows.map((row) => [row.id, entryOf(registry, row)]));
    },
  });
  const read = async (tenantId: string): Promise<Entry | null> =>
    cache.peek(tenantId) ?? (await cache.get(tenantId, async () => (await load(tenantId)) ?? null));
  return {
    openTenant: async (tenantId) => (await read(tenantId))?.tenant ?? null,
    async of<G extends SettingGroup>(tenantId: string, group: G) {
      const settings = (await read(tenantId))?.settings ?? registry.values({});
      // The registry has validated or replaced each value.
      return settings[group.name] as SettingValues<G>;
    },
    onChanged: (tenantId) => cache.invalidate(tenantId),
    close: () => cache.close(),
  };
}

function entryOf(registry: SettingsRegistry, row: { id: string; plan: string; settings: unknown }): Entry {
  const settings = registry.values(row.settings);
  const quotas = quotasOf(settings[quotaSettings.name] as SettingValues<typeof quotaSettings>);
  // The column admits the plans only.
  const plan = row.plan as Plan;
  return { tenant: { id: row.id, plan, ...(quotas === undefined ? {} : { quotas }) }, settings };
}
