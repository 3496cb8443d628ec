import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import {
  AUTHORS,
  COUNT_POSTS,
  CREATE_TABLE,
  DEFAULT_TENANT,
  POSTGRES_VERSION,
  REFRESH_STATISTICS,
  SAMPLE_POSTS,
  SET_TENANT,
  TENANT_SETTING,
} from '../calibration/queries.js';

export interface Author {
  readonly authorId: string;
  /** Posts that anybody may read. */
  readonly posts: number;
}

/** What the calibrations and preparations need to know of the database below the product. */
export interface BenchDatabase {
  /** Address as nova_app. */
  readonly url: string;
  /** Address as nova_owner. */
  readonly ownerUrl: string;
  readonly version: string;
  readonly tenantId: string;
  /** Posts all over the table. */
  readonly postIds: readonly string[];
  /** The busiest first, 5,000 at most. */
  readonly authors: readonly Author[];
  /** Undeleted posts of some authors with one of some visibilities. */
  countPosts(authorIds: readonly string[], visibilities: readonly string[]): Promise<number>;
}

const SAMPLED_POSTS = 2_000;
const AUTHORS_READ = 5_000;

/** Reads the running product's database and makes the calibrations' own table in it. */
export async function inspectDatabase(dataDir: string): Promise<BenchDatabase> {
  const secrets = JSON.parse(await readFile(path.join(dataDir, 'nova-secrets.json'), 'utf8')) as {
    port: number;
    appPassword: string;
    ownerPassword: string;
    systemPassword: string;
  };
  const urlOf = (role: string, password: string) => `postgres://${role}:${password}@127.0.0.1:${secrets.port}/nova`;
  const url = urlOf('nova_app', secrets.appPassword);
  const owner = urlOf('nova_owner', secrets.ownerPassword);
  await query(owner, null, CREATE_TABLE, []);
  const system = urlOf('nova_system', secrets.systemPassword);
  const [tenant] = await query<{ tenantId: string }>(system, null, DEFAULT_TENANT, []);
  const [version] = await query<{ server_version: string }>(url, null, POSTGRES_VERSION, []);
  if (tenant === undefined || version === undefined) throw new Error('the database has no default tenant');
  const { tenantId } = tenant;
  const posts = await query<{ id: string }>(url, tenantId, SAMPLE_POSTS, [tenantId, SAMPLED_POSTS]);
  const authors = await query<Author>(url, tenantId, AUTHORS, [tenantId, AUTHORS_READ]);
  if (posts.length === 0) throw new Error('there are no posts to measure with: seed or import some');
  return {
    url,
    ownerUrl: owner,
    version: version.server_version,
    tenantId,
    postIds: posts.map(({ id }) => id),
    authors,
    async countPosts(authorIds, visibilities) {
      const [row] = await query<{ posts: number }>(url, tenantId, COUNT_POSTS, [tenantId, authorIds, visibilities]);
      return row?.posts ?? 0;
    },
  };
}

/** Brings its statistics up to date, after it was filled. */
export async function refreshStatistics({ ownerUrl }: Pick<BenchDatabase, 'ownerUrl'>): Promise<void> {
  await query(ownerUrl, null, REFRESH_STATISTICS, []);
}

async function query<Row extends QueryResultRow>(
  url: string,
  tenantId: string | null,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    if (tenantId !== null) await client.query(SET_TENANT, [TENANT_SETTING, tenantId, false]);
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
