import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';
import { newId } from '../platform/ids/index.js';
import type { TestApp } from './test-app.js';
import { connectTo } from './test-cluster.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Small data sets of the repository's own. */
export const fixture = (name: string): string => path.join(ROOT, 'packages/server/fixtures', name);

/** Real data sets that may lie beside the repository. */
export const sharedData = (name: string): string => path.join(ROOT, '../shared/data', name);

/** Rows of a table with a header line, by position. */
export const readRows = (file: string): string[][] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('|'));

export interface Newcomer {
  readonly tenantId: string;
  readonly superuser: Client;
  /** The first column of the first row, a number. */
  count(sql: string, ...values: unknown[]): Promise<number>;
  /** A bearer token of a user who was imported and has no sign-in of their own. */
  tokenOf(userId: string): Promise<string>;
  close(): Promise<void>;
}

/** An empty tenant of the app to import into, and a look at its rows from outside. */
export async function createNewcomer(app: TestApp): Promise<Newcomer> {
  const { tenant } = await app.nova.createTenant({ name: 'imported', plan: 'pro' });
  const superuser = await connectTo(app.database.superuserUrl);
  await superuser.query('set search_path to nova');
  return {
    tenantId: tenant.id,
    superuser,
    async count(sql, ...values) {
      const { rows } = await superuser.query<{ count: string }>(sql, [tenant.id, ...values]);
      return Number(rows[0]?.count);
    },
    async tokenOf(userId) {
      const token = `nova_st_${randomBytes(32).toString('base64url')}`;
      await superuser.query(
        `insert into sessions (tenant_id, id, user_id, token_hash, expires_at)
         values ($1, $2, $3, $4, now() + interval '1 hour')`,
        [tenant.id, newId(), userId, createHash('sha256').update(token).digest()],
      );
      return token;
    },
    close: () => superuser.end(),
  };
}
