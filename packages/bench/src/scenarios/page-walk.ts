import { createHash } from 'node:crypto';
import { expect } from '../load/load-source.js';
import { getRequest } from '../load/request.js';
import type { ApiClient } from '../product/api-client.js';

interface Item {
  readonly id: string;
  readonly author: { readonly id: string };
  readonly createdAt: string;
}

/** One page of a walk, in a form that a later answer can be compared with. */
export interface WalkedPage {
  readonly path: string;
  readonly bytes: number;
  readonly digest: string;
}

export interface Walk {
  readonly pages: readonly WalkedPage[];
  readonly ids: readonly string[];
  /** Whether the walk came to the last page. */
  readonly complete: boolean;
}

export function digestOf(body: Buffer): string {
  return createHash('sha1').update(body).digest('base64');
}

/**
 * Follows `nextCursor` from the first page, for `maxPages` at most, to the end by default. Throws when an answer is not 200, a page before
 * the last is not full, an id comes twice, the order is not newest first, or an author is not one of `authors`.
 */
export async function walkPages(
  api: ApiClient,
  path: string,
  token: string,
  {
    limit,
    maxPages = Number.POSITIVE_INFINITY,
    authors,
  }: { limit: number; maxPages?: number; authors: ReadonlySet<string> },
): Promise<Walk> {
  const pages: WalkedPage[] = [];
  const ids = new Set<string>();
  let cursor: string | null = null;
  let last = '~';
  do {
    const pagePath: string = `${path}?limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const { status, body } = await api.send(getRequest(pagePath, token));
    expect(status === 200, `${pagePath} answered ${status}: ${body.toString('utf8', 0, 300)}`);
    const page = JSON.parse(body.toString()) as { items: Item[]; nextCursor: string | null };
    expect(page.items.length === limit || page.nextCursor === null, `${path}: a page before the last is not full`);
    for (const { id, author, createdAt } of page.items) {
      expect(!ids.has(id), `${path}: post ${id} came twice`);
      ids.add(id);
      expect(authors.has(author.id), `${path}: post ${id} is by ${author.id}, who does not belong there`);
      const position = `${createdAt} ${id}`;
      expect(position < last, `${path}: ${position} comes after ${last}`);
      last = position;
    }
    pages.push({ path: pagePath, bytes: body.length, digest: digestOf(body) });
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < maxPages);
  return { pages, ids: [...ids], complete: cursor === null };
}
