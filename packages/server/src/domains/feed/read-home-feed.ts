import type { Static } from 'typebox';
import { type Cursors, DEFAULT_LIMIT, readPage } from '../../platform/cursor/index.js';
import { type PreparedJson, readOperation, requireViewer, type Scope } from '../../platform/operation/index.js';
import type { PageCache } from '../../platform/page-cache/index.js';
import type { Content } from '../content/index.js';
import { HomeFeed, HomeFeedInput } from './schema.js';
import { readSkeleton } from './skeleton.js';

export interface HomeFeedDeps {
  readonly cursors: Cursors;
  readonly content: Pick<Content, 'viewPosts' | 'presentPage'>;
  readonly pages: Pick<PageCache, 'get'>;
}

/**
 * The chronological home feed: what the viewer and those they follow have posted, newest first.
 * Skeleton (ids, one query), then hydrate, rules and present in the content domain. The first page is
 * what almost every visit asks for: it is kept for a second at most.
 */
export const readHomeFeed = readOperation({
  name: 'readHomeFeed',
  summary: 'The posts of the people you follow, and your own, newest first',
  access: 'user',
  input: HomeFeedInput,
  output: HomeFeed,
  async run(deps: HomeFeedDeps, scope, { limit = DEFAULT_LIMIT, cursor }) {
    const { userId } = requireViewer(scope);
    const read = () => readHomePage(deps, scope, userId, limit, cursor);
    if (cursor !== undefined) return await read();
    return await deps.pages.get(scope, `home/${limit}`, read);
  },
});

async function readHomePage(
  { cursors, content }: Pick<HomeFeedDeps, 'cursors' | 'content'>,
  scope: Scope,
  viewerId: string,
  limit: number,
  cursor: string | undefined,
): Promise<PreparedJson<Static<typeof HomeFeed>>> {
  const page = await readPage(cursors, {
    list: `home/${scope.tenant.id}/${viewerId}`,
    limit,
    cursor,
    fetch: (after, count) => readSkeleton(scope.db, viewerId, after, count),
    positionOf: (item) => ({ key: item.createdAt, id: item.id }),
  });
  const ids = page.items.map((item) => item.id);
  return content.presentPage(scope, await content.viewPosts(scope, ids), page.nextCursor);
}
