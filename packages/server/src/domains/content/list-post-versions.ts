import { readPage } from '../../platform/cursor/index.js';
import { readOperation } from '../../platform/operation/index.js';
import type { Custom } from './custom.js';
import { MAX_VERSIONS } from './limits.js';
import type { PostListDeps } from './list-posts-by-author.js';
import { viewPost } from './pipeline.js';
import { versionsList } from './positions.js';
import { postVersions } from './queries/own-posts.js';
import { type PostEntity, PostVersionPage, PostVersionsInput } from './schema.js';

/**
 * What a post has said, newest first, for those who may see it now. As many queries as `viewPosts`, and one more in the
 * first round trip.
 */
export const listPostVersions = readOperation({
  name: 'listPostVersions',
  summary: 'The versions of a post, the one that holds first',
  access: 'anyone',
  input: PostVersionsInput,
  output: PostVersionPage,
  async run(deps: PostListDeps, scope, { postId, limit, cursor }) {
    const [page] = await Promise.all([
      readPage(deps.cursors, {
        list: versionsList(scope.tenant.id, postId),
        limit,
        cursor,
        fetch: ({ key }, count) => {
          // The first page starts at a key that is no number.
          const before = /^\d+$/.test(key) ? Number(key) : MAX_VERSIONS + 1;
          return scope.db.rows(postVersions, { postId, before, limit: count });
        },
        positionOf: ({ version }) => ({ key: String(version), id: postId }),
      }),
      viewPost(deps, scope, postId),
    ]);
    const items = page.items.map(({ entities, custom, ...row }) => ({
      ...row,
      entities: entities as PostEntity[],
      custom: custom as Custom,
    }));
    return { items, nextCursor: page.nextCursor };
  },
});
