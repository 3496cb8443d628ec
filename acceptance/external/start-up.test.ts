import { expect, it } from 'vitest';
import { externalSettings } from '../fixtures/external-database.js';
import { runNova } from '../fixtures/program.js';

/**
 * Behind a pooler in transaction mode LISTEN succeeds and nothing is ever heard: what is revoked or changed in one
 * process stays as it was in the others. Seeded bug that turns this red: a start that takes LISTEN's word for it.
 */
it('does not start when notifications do not come through the pooler, and says what to set', {
  timeout: 90_000,
}, async () => {
  const { DATABASE_DIRECT_URL: _, ...settings } = externalSettings('through PgBouncer');
  const start = async (more: Record<string, string> = {}) =>
    await runNova(['start'], { ...settings, NOVA_HTTP_PORT: '0', NOVA_ADMIN_PORT: '0', ...more }, 30_000);
  const { code, stderr } = await start();
  expect(stderr).toMatch(/DATABASE_DIRECT_URL .*pooler in transaction mode/);
  expect(stderr, 'a message for a person').not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
  // Among all that is wrong.
  expect((await start({ NOVA_DATABASE_CONNECTION_LIMIT: '10' })).stderr).toMatch(
    /NOVA_DATABASE_CONNECTION_LIMIT.*\n.*DATABASE_DIRECT_URL/,
  );
});
