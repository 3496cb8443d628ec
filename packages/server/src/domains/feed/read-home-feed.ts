import type { Static } from 'typebox';
import { type Cursors, DEFAULT_LIMIT } from '../../platform/cursor/index.js';
import { PreparedJson, readOperation, requireViewer, type Scope } from '../../platform/operation/index.js';
import type { PageCache } from '../../platform/page-cache/index.js';
import type { Content } from '../content/index.js';
import { type Feed, feedOf, nameOf } from './feeds.js';
import type { FilledPage } from './fill-page.js';
import { placeCursors, type SessionPlace } from './places.js';
import { readFirstPage, readFurtherPage, reasonIn } from './read-pages.js';
import { type Explanation, HomeFeed, HomeFeedInput, type SourceName } from './schema.js';
import { scoreOf } from './score.js';
import { encodeSession } from './session-token.js';
import type { FeedSessions } from './sessions.js';
import { type Snapshot, sessionIdOf } from './snapshot.js';
import { type SnapshotDeps, takeSnapshot } from './take-snapshot.js';

export interface HomeFeedDeps extends SnapshotDeps {
  readonly cursors: Cursors;
  readonly content: Pick<Content, 'viewPosts' | 'presentPage'>;
  readonly sessions: Pick<FeedSessions, 'open' | 'slice'>;
  readonly pages: Pick<PageCache, 'get'>;
}

/** What was asked for. */
interface Request {
  readonly viewerId: string;
  readonly feed: Feed;
  readonly limit: number;
  readonly explain: boolean;
}

/**
 * The home feed, in order of time or ranked, or the feed of a hashtag. The first page fixes a snapshot, and further ones
 * are read from it (I15). The first page is what almost every visit asks for: it is kept for a second at most.
 * Errors: `invalid_cursor`, also for one of another mode or hashtag; `cursor_expired`.
 */
export const readHomeFeed = readOperation({
  name: 'readHomeFeed',
  summary: 'The posts of the people you follow, and your own, newest first or ranked; or those of a hashtag',
  access: 'user',
  input: HomeFeedInput,
  output: HomeFeed,
  async run(deps: HomeFeedDeps, scope, { limit = DEFAULT_LIMIT, cursor, explain = false, ...which }) {
    const { userId: viewerId } = requireViewer(scope);
    const request: Request = { viewerId, feed: feedOf(which), limit, explain };
    if (cursor !== undefined) return await readOn(deps, scope, request, cursor);
    const name = `feed/${nameOf(request.feed)}/${limit}${explain ? '/explained' : ''}`;
    return await deps.pages.get(scope, name, () => readFirst(deps, scope, request));
  },
});

async function readFirst(deps: HomeFeedDeps, scope: Scope, request: Request): Promise<Answer> {
  const { viewerId, feed, limit } = request;
  const snapshot = await takeSnapshot(deps, scope, viewerId, feed);
  const sessionId = sessionIdOf(nameOf(feed), snapshot);
  const [page, stored] = await Promise.all([
    readFirstPage(deps, scope, viewerId, feed, snapshot, limit),
    openSession(deps, scope, request, sessionId, snapshot),
  ]);
  if (stored) return present(deps, scope, request, sessionId, page, snapshot.missing);
  return present(deps, scope, request, null, withoutSession(page), snapshot.missing);
}

/** Whether the session is there. A feed in the order of time goes on without one; a ranked one would repeat itself. */
async function openSession(
  { sessions }: Pick<HomeFeedDeps, 'sessions'>,
  scope: Scope,
  { viewerId, feed }: Request,
  sessionId: string,
  snapshot: Snapshot,
): Promise<boolean> {
  try {
    await sessions.open(scope, { viewerId, sessionId }, feed, snapshot);
    return true;
  } catch (err) {
    if (feed.kind === 'ranked') throw err;
    scope.log.warn({ err }, 'a feed goes on without its session');
    return false;
  }
}

/** The page with the next one beginning after its last post in the order of time. */
function withoutSession({ posts, next }: FilledPage): FilledPage {
  const last = posts.at(-1)?.view.stored;
  if (next?.kind !== 'snapshot' || last === undefined) return { posts, next };
  return { posts, next: { kind: 'older', position: { key: last.fields().createdAt, id: last.id } } };
}

async function readOn(deps: HomeFeedDeps, scope: Scope, request: Request, cursor: string): Promise<Answer> {
  const { viewerId, feed, limit } = request;
  const at = placeCursors(deps.cursors, scope, viewerId, feed).decode(cursor);
  const page = await readFurtherPage(deps, scope, viewerId, feed, at, limit);
  return present(deps, scope, request, at.sessionId, page, []);
}

type Answer = PreparedJson<Static<typeof HomeFeed>>;

/** The page as content writes it, with what is the feed's own behind. */
function present(
  { cursors, content }: Pick<HomeFeedDeps, 'cursors' | 'content'>,
  scope: Scope,
  { viewerId, feed, explain }: Request,
  sessionId: SessionPlace['sessionId'],
  { posts, next }: FilledPage,
  missing: readonly SourceName[],
): Answer {
  const nextCursor =
    next === null ? null : placeCursors(cursors, scope, viewerId, feed).encode({ sessionId, place: next });
  const views = posts.map(({ view }) => view);
  const page = content.presentPage(scope, views, nextCursor);
  const own = {
    session: sessionId === null ? null : encodeSession(cursors, scope, viewerId, { feed: feed.kind, sessionId }),
    missingSources: [...missing],
    ...(explain ? { explanations: explanationsOf(posts, viewerId, feed) } : {}),
  };
  return new PreparedJson(
    () => ({ ...page.value, ...own }),
    () => `${page.body.toString().slice(0, -1)},${JSON.stringify(own).slice(1)}`,
  );
}

function explanationsOf(posts: FilledPage['posts'], viewerId: string, feed: Feed): Explanation[] {
  return posts.map(({ view, reason }) => {
    const { source, parts } = reason ?? reasonIn(feed, viewerId, view.author.id);
    return { postId: view.stored.id, source, score: parts === null ? null : scoreOf(parts), parts };
  });
}
