import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Client, escapeIdentifier } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateUp } from '../platform/migrations/index.js';
import { APP_ROLE, bootstrapDatabase, OWNER_ROLE, SYSTEM_ROLE, urlOfDatabase } from '../platform/roles/index.js';
import {
  abandonedDatabases,
  connectTo,
  databasesLike,
  dropDatabases,
  RUN_PREFIX,
  randomPassword,
  startTestServer,
  type TestCluster,
} from './test-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    novaTestCluster: TestCluster;
  }
}

const SOURCE = fileURLToPath(new URL('..', import.meta.url));
/** Runs that share a server take turns where they make or drop the roles, which belong to the whole server. */
const RUN_LOCK = 5_136_912_073;
const ROLE_MARK = 'made by the tests of Nova';

/**
 * One PostgreSQL for the whole run: an embedded one, or the server that NOVA_TEST_SUPERUSER_URL names, where runs may
 * overlap. Makes the roles and the migrated template. The teardown drops everything that was made, and says which
 * databases tests have left behind.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const givenUrl = process.env['NOVA_TEST_SUPERUSER_URL'];
  const server = await startTestServer(givenUrl);
  const run = `${RUN_PREFIX}${randomBytes(4).toString('hex')}`;
  const cluster: TestCluster = {
    superuserUrl: server.superuserUrl,
    template: `${run}_template`,
    prefix: `${run}_`,
    passwords: givenUrl
      ? sharedPasswords(givenUrl)
      : { owner: randomPassword(), app: randomPassword(), system: randomPassword() },
  };
  try {
    // Open during the whole run: by its name other runs on this server see that these databases are in use.
    const presence = await connectTo(server.superuserUrl, run);
    const teardown = async () => {
      try {
        await removeRun(presence, cluster);
      } finally {
        await presence.end();
        await server.stop();
      }
    };
    try {
      await prepareRun(presence, cluster);
    } catch (error) {
      await teardown();
      throw error;
    }
    project.provide('novaTestCluster', cluster);
    return teardown;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepareRun(maintenance: Client, cluster: TestCluster): Promise<void> {
  await maintenance.query('SELECT pg_advisory_lock($1)', [RUN_LOCK]);
  try {
    await dropDatabases(maintenance, await abandonedDatabases(maintenance));
    const { rows } = await maintenance.query("SELECT FROM pg_roles WHERE rolname LIKE 'nova\\_%'");
    await bootstrapDatabase({ ...cluster, database: cluster.template });
    if (rows.length === 0) await maintenance.query(`COMMENT ON ROLE ${OWNER_ROLE} IS '${ROLE_MARK}'`);
  } finally {
    await maintenance.query('SELECT pg_advisory_unlock($1)', [RUN_LOCK]);
  }
  const owner = new URL(urlOfDatabase(cluster.superuserUrl, cluster.template));
  owner.username = OWNER_ROLE;
  owner.password = cluster.passwords.owner;
  const log = { info: () => {}, warn: console.warn };
  await migrateUp({ ownerUrl: owner.toString(), root: SOURCE, log, contract: true });
  // Cloning needs that nobody is connected to the template.
  await maintenance.query(
    `ALTER DATABASE ${escapeIdentifier(cluster.template)} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`,
  );
}

async function removeRun(maintenance: Client, cluster: TestCluster): Promise<void> {
  await maintenance.query('SELECT pg_advisory_lock($1)', [RUN_LOCK]);
  const names = await databasesLike(maintenance, cluster.prefix);
  await dropDatabases(maintenance, names);
  await dropRolesOfTests(maintenance);
  await maintenance.query('SELECT pg_advisory_unlock($1)', [RUN_LOCK]);
  const left = names.filter((name) => name !== cluster.template);
  if (left.length > 0) console.warn(`${left.length} test database(s) were not dropped by the tests that made them`);
}

/** Roles that an earlier run found are not ours to drop; those that another run still uses stay for that run. */
async function dropRolesOfTests(maintenance: Client): Promise<void> {
  const { rows } = await maintenance.query(
    `SELECT FROM pg_roles WHERE rolname = $1 AND shobj_description(oid, 'pg_authid') = $2`,
    [OWNER_ROLE, ROLE_MARK],
  );
  if (rows.length === 0 || (await databasesLike(maintenance, RUN_PREFIX)).length > 0) return;
  await maintenance.query(`DROP ROLE ${APP_ROLE}, ${SYSTEM_ROLE}, ${OWNER_ROLE}`);
}

/** Roles belong to the whole server: overlapping runs must give them equal passwords, derived from a common secret. */
function sharedPasswords(url: string): TestCluster['passwords'] {
  const derive = (role: string) => createHash('sha256').update(`${url} ${role}`).digest('base64url').slice(0, 24);
  return { owner: derive(OWNER_ROLE), app: derive(APP_ROLE), system: derive(SYSTEM_ROLE) };
}
