import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, escapeIdentifier } from 'pg';
import { inject } from 'vitest';
import { asTransaction, databaseAccessStatements } from '../platform/roles/bootstrap-sql.js';
import { APP_ROLE, bootstrapDatabase, OWNER_ROLE, SYSTEM_ROLE, urlOfDatabase } from '../platform/roles/index.js';
import { connectTo, dropDatabases, type TestCluster } from './test-cluster.js';

export interface TestDatabase {
  readonly name: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** Drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Without any migration: roles and the schema `nova` only. Default: a clone of the migrated template. */
  readonly empty?: boolean;
}

const OBJECT_IN_USE = '55006';
const CLONE_TRIES = 50;

/** A database of the calling test's own, migrated. To be dropped in `afterAll`. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const cluster = inject('novaTestCluster');
  const name = `${cluster.prefix}${randomBytes(5).toString('hex')}`;
  await (options.empty ? makeEmpty(cluster, name) : cloneTemplate(cluster, name));
  const url = (user?: string, password?: string): string => {
    const address = new URL(urlOfDatabase(cluster.superuserUrl, name));
    if (user !== undefined && password !== undefined) {
      address.username = user;
      address.password = password;
    }
    return address.toString();
  };
  return {
    name,
    appUrl: url(APP_ROLE, cluster.passwords.app),
    systemUrl: url(SYSTEM_ROLE, cluster.passwords.system),
    ownerUrl: url(OWNER_ROLE, cluster.passwords.owner),
    superuserUrl: url(),
    drop: async () => {
      const maintenance = await connectTo(cluster.superuserUrl);
      try {
        await dropDatabases(maintenance, [name]);
      } finally {
        await maintenance.end();
      }
    },
  };
}

async function makeEmpty(cluster: TestCluster, name: string): Promise<void> {
  await bootstrapDatabase({ superuserUrl: cluster.superuserUrl, database: name, passwords: cluster.passwords });
}

/** FILE_COPY took 0.6 of the time of WAL_LOG for a database of this size (PostgreSQL 15 and 18). */
async function cloneTemplate(cluster: TestCluster, name: string): Promise<void> {
  const database = escapeIdentifier(name);
  const template = escapeIdentifier(cluster.template);
  const maintenance = await connectTo(cluster.superuserUrl);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await maintenance.query(`CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`);
        break;
      } catch (error) {
        const busy = error instanceof DatabaseError && error.code === OBJECT_IN_USE;
        if (!busy || attempt === CLONE_TRIES) throw error;
        await sleep(20 + Math.random() * 80);
      }
    }
    await maintenance.query(asTransaction(databaseAccessStatements(database)));
  } finally {
    await maintenance.end();
  }
}
