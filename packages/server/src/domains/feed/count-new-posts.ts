import type { Cursors } from '../../platform/cursor/index.js';
import { PreparedJson, readOperation, requireViewer, type Scope } from '../../platform/operation/index.js';
import type { PageCache } from '../../platform/page-cache/index.js';
import { feedErrors } from './errors.js';
import { LATE_COMMITS_MS, MAX_NEW_POSTS, SESSION_KEPT_MS } from './limits.js';
import { newHashtagPosts } from './queries/hashtags.js';
import { newHomePosts } from './queries/home.js';
import { NewPosts, NewPostsInput } from './schema.js';
import { decodeSession, type SessionRef } from './session-token.js';
import type { FeedSessions } from './sessions.js';

export interface CountNewPostsDeps {
  readonly cursors: Cursors;
  readonly pages: Pick<PageCache, 'get'>;
  readonly sessions: Pick<FeedSessions, 'forget'>;
}

/**
 * How many posts by others wait behind a session (I15): those that its first page would have today and had not. Of a
 * ranked feed the posts of followees count, not what has become popular. Kept for a second, as first pages are. One
 * query. Errors: `invalid_cursor`, `cursor_expired`.
 */
export const countNewPosts = readOperation({
  name: 'countNewPosts',
  summary: 'How many posts are new since the first page of a feed',
  access: 'user',
  input: NewPostsInput,
  output: NewPosts,
  async run(deps: CountNewPostsDeps, scope, { session }) {
    const { userId: viewerId } = requireViewer(scope);
    const ref = decodeSession(deps.cursors, scope, viewerId, session);
    return await deps.pages.get(scope, `feed/new/${ref.sessionId}`, async () => {
      const posts = await readCount(scope, viewerId, ref);
      if (posts === undefined) {
        deps.sessions.forget(scope, { viewerId, sessionId: ref.sessionId });
        throw feedErrors.cursor_expired();
      }
      return new PreparedJson(() => ({ posts: Math.min(posts, MAX_NEW_POSTS), more: posts > MAX_NEW_POSTS }));
    });
  },
});

async function readCount(
  { db }: Scope,
  viewerId: string,
  { feed, sessionId }: SessionRef,
): Promise<number | undefined> {
  const query = feed === 'hashtag' ? newHashtagPosts : newHomePosts;
  const values = { keptMs: SESSION_KEPT_MS, lateMs: LATE_COMMITS_MS, limit: MAX_NEW_POSTS + 1 };
  return (await db.row(query, { viewerId, sessionId, ...values }))?.posts;
}
