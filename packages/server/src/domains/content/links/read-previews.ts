import type { Scope } from '../../../platform/operation/index.js';
import { previewsOfUrls } from '../queries/links.js';
import type { StoredPost } from '../stored-post.js';
import type { LinkPreview } from './schema.js';

/** What there is to show of the links of these posts, by address. One query, or none. */
export async function readPreviews(
  { db }: Pick<Scope, 'db'>,
  posts: readonly (Pick<StoredPost, 'linkUrl'> | undefined)[],
): Promise<ReadonlyMap<string | null, LinkPreview>> {
  const urls = new Set(posts.flatMap((post) => post?.linkUrl ?? []));
  if (urls.size === 0) return new Map();
  const rows = await db.rows(previewsOfUrls, { urls: [...urls] });
  return new Map(rows.flatMap(({ title, ...row }) => (title === null ? [] : [[row.url, { ...row, title }]])));
}
