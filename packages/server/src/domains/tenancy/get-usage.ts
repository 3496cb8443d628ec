import type { Static } from 'typebox';
import { platformErrors } from '../../platform/errors/index.js';
import { readOperation } from '../../platform/operation/index.js';
import { USAGE_COUNTERS, usageQueries } from '../../platform/usage/index.js';
import { GetUsageInput, Usage } from './schema.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;

/** Days without any use are there with zeros. What the last ten seconds have counted may be missing yet. */
export const getTenantUsage = readOperation({
  name: 'getTenantUsage',
  summary: 'What your app has used, by UTC day: up to 366 days, by default the last 30',
  access: 'secret',
  keyScope: 'tenant:read',
  input: GetUsageInput,
  output: Usage,
  async run(_deps: object, { db }, { from, to }) {
    const last = to === undefined ? startOfDay(Date.now()) : dayOf('to', to);
    const first = from === undefined ? last - (DEFAULT_DAYS - 1) * DAY_MS : dayOf('from', from);
    if (first > last) refuse('from', 'must not be after to');
    if (last - first >= MAX_DAYS * DAY_MS) refuse('from', `must be less than ${MAX_DAYS} days before to`);
    const rows = await db.rows(usageQueries.usageOfTenant, { from: nameOf(first), to: nameOf(last) });
    const values = new Map(rows.map(({ day, counter, value }) => [`${day} ${counter}`, value]));
    const items: Static<typeof Usage>['items'] = [];
    for (let at = first; at <= last; at += DAY_MS) {
      const day = nameOf(at);
      const counts = USAGE_COUNTERS.map((counter) => [counter, values.get(`${day} ${counter}`) ?? 0]);
      items.push({ day, ...(Object.fromEntries(counts) as Record<(typeof USAGE_COUNTERS)[number], number>) });
    }
    return { items };
  },
});

const startOfDay = (at: number) => Math.floor(at / DAY_MS) * DAY_MS;
const nameOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Throws `invalid_request` for a day that no calendar has. */
function dayOf(path: string, day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  // JavaScript takes February 30 for the 2nd of March.
  if (Number.isNaN(at) || nameOf(at) !== day) refuse(path, 'is no day');
  return at;
}

function refuse(path: string, reason: string): never {
  throw platformErrors.invalid_request({ problems: [{ path, reason }] });
}
