import { Client } from 'pg';
import { INSERT_POSTS, SET_TENANT, TENANT_SETTING } from '../calibration/queries.js';
import type { Author } from './database.js';

/** Twice what D1 found slow: 10,000 posts of one author, sorted on each request. */
const PROLIFIC_POSTS = 20_000;

/** Gives a member whom nobody follows public posts, one a minute up to now, straight into the table. */
export async function makeProlific(
  { ownerUrl, tenantId }: { readonly ownerUrl: string; readonly tenantId: string },
  authorId: string,
): Promise<Author> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(SET_TENANT, [TENANT_SETTING, tenantId, false]);
    await client.query(INSERT_POSTS, [tenantId, authorId, PROLIFIC_POSTS]);
  } finally {
    await client.end();
  }
  return { authorId, posts: PROLIFIC_POSTS };
}
