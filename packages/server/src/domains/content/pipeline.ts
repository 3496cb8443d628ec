import type { Static } from 'typebox';
import type { Version } from '../../platform/cache/index.js';
import type { ValuesOf } from '../../platform/db/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { PreparedJson, type Scope } from '../../platform/operation/index.js';
import type { Graph } from '../graph/index.js';
import type { User } from '../identity/index.js';
import { readPreviews } from './links/read-previews.js';
import type { LinkPreview } from './links/schema.js';
import { readPolls } from './polls/read-polls.js';
import type { Poll } from './polls/schema.js';
import { postStates } from './queries/posts.js';
import type { Post, PostPage } from './schema.js';
import type { StoredPost } from './stored-post.js';
import { type PostStore, readStoredPosts } from './stored-posts.js';
import { visibleLevels } from './visibility.js';

/*
 * A list of posts goes through four stages: skeleton (which ids, in which order; by whoever makes the list), hydrate
 * (their state from the database, their content from memory if it is there), rules (what the viewer may see), present
 * (the answer).
 */

/** What content needs of the identity domain. */
export interface Authors {
  /** Undeleted users by id; one query. */
  usersByIds(scope: Scope, userIds: readonly string[]): Promise<ReadonlyMap<string, User>>;
  /** A user whose version is known; one query, or none when it is kept. */
  userAt(scope: Scope, version: Version): Promise<User | undefined>;
  /** Ids of undeleted users by handle; one query. */
  userIdsByHandles(scope: Scope, handles: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface PipelineDeps {
  readonly posts: PostStore;
  readonly identity: Pick<Authors, 'usersByIds'>;
  readonly graph: Pick<Graph, 'relations'>;
}

/** Of an undeleted post: its version, how many like it, and whether the viewer does. */
export type PostState = ValuesOf<(typeof postStates)['row']>;

/** A post with its state. Nothing has been said about who may see it. */
export interface HydratedPost {
  readonly stored: StoredPost;
  readonly state: PostState;
  /** As the viewer sees it. */
  readonly poll?: Poll | undefined;
  readonly preview?: LinkPreview | undefined;
}

/** A post that the viewer may see, by an author who is there. */
export interface PostView extends HydratedPost {
  readonly author: User;
}

/**
 * Hydrate: the contents of posts whose state is known, in order; one query, or none; one when there are polls among
 * them, one when there are links. Left out: deleted meanwhile.
 */
export async function hydratePosts(
  { posts }: Pick<PipelineDeps, 'posts'>,
  scope: Scope,
  states: readonly PostState[],
): Promise<HydratedPost[]> {
  const contents = await readStoredPosts(posts, scope, states);
  const [polls, previews] = await Promise.all([readPolls(scope, contents), readPreviews(scope, contents)]);
  const hydrated: HydratedPost[] = [];
  for (const [index, state] of states.entries()) {
    const stored = contents[index];
    if (stored !== undefined)
      hydrated.push({ stored, state, poll: polls.get(stored.id), preview: previews.get(stored.linkUrl) });
  }
  return hydrated;
}

/** Posts of authors at hand; those of deleted authors are left out. */
export function withAuthors(posts: readonly HydratedPost[], authors: ReadonlyMap<string, User>): PostView[] {
  return posts.flatMap((post) => {
    const author = authors.get(post.stored.authorId);
    return author === undefined ? [] : { ...post, author };
  });
}

/** Distinct ids of their authors. */
export function authorIdsOf(posts: readonly HydratedPost[]): string[] {
  return [...new Set(posts.map(({ stored }) => stored.authorId))];
}

/**
 * The posts with these ids that the viewer may see, in order. Three queries in two round trips, however many posts
 * (D19): their state; then authors, and how the viewer stands to them. One more in between for contents that are not
 * in memory.
 */
export async function viewPosts(deps: PipelineDeps, scope: Scope, postIds: readonly string[]): Promise<PostView[]> {
  if (postIds.length === 0) return [];
  const viewerId = scope.viewer?.userId ?? null;
  const stateById = new Map(
    (await scope.db.rows(postStates, { viewerId, postIds })).map((state) => [state.id, state] as const),
  );
  const posts = await hydratePosts(
    deps,
    scope,
    postIds.flatMap((id) => stateById.get(id) ?? []),
  );
  if (posts.length === 0) return [];
  const authorIds = authorIdsOf(posts);
  const [authors, relations] = await Promise.all([
    deps.identity.usersByIds(scope, authorIds),
    deps.graph.relations(scope, authorIds),
  ]);
  const visible = posts.filter(({ stored: { authorId, visibility } }) =>
    visibleLevels(viewerId, authorId, relations.get(authorId)).includes(visibility),
  );
  return withAuthors(visible, authors);
}

/** One post, or `not_found` when it does not exist, is deleted, or is not for this viewer. As `viewPosts`. */
export async function viewPost(deps: PipelineDeps, scope: Scope, postId: string): Promise<PostView> {
  const [post] = await viewPosts(deps, scope, [postId]);
  if (post === undefined) throw platformErrors.not_found({ detail: 'there is no such post' });
  return post;
}

/** Present: a post as it is answered. */
export function presentPost(
  { viewer }: Pick<Scope, 'viewer'>,
  { stored, state, author, poll, preview }: PostView,
): Post {
  const { likeCount, liked } = state;
  return {
    ...stored.fields(),
    author,
    likeCount,
    viewer: viewer === null ? null : { liked },
    poll: poll ?? null,
    linkPreview: preview ?? null,
  };
}

/** Present: a page of posts. Its JSON is joined from pieces that are kept with the posts (C7). */
export function presentPage(
  scope: Pick<Scope, 'viewer'>,
  posts: readonly PostView[],
  nextCursor: string | null,
): PreparedJson<Static<typeof PostPage>> {
  return new PreparedJson(
    () => ({ items: posts.map((post) => presentPost(scope, post)), nextCursor }),
    () => writePage(scope, posts, nextCursor),
  );
}

function writePage({ viewer }: Pick<Scope, 'viewer'>, posts: readonly PostView[], nextCursor: string | null): string {
  const authors = new Map<string, string>();
  const write = ({ stored, state: { likeCount, liked }, author, poll, preview }: PostView): string => {
    let authorJson = authors.get(author.id);
    if (authorJson === undefined) {
      authorJson = JSON.stringify(author);
      authors.set(author.id, authorJson);
    }
    const { beforeAuthor, beforeLikes, afterViewer } = stored.pieces();
    const viewerJson = viewer === null ? 'null' : liked ? '{"liked":true}' : '{"liked":false}';
    const previewJson = preview === undefined ? 'null' : JSON.stringify(preview);
    const pollJson = poll === undefined ? 'null' : JSON.stringify(poll);
    return `${beforeAuthor}${authorJson}${beforeLikes}${likeCount},"viewer":${viewerJson},"poll":${pollJson},"linkPreview":${previewJson}${afterViewer}`;
  };
  return `{"items":[${posts.map(write).join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`;
}
