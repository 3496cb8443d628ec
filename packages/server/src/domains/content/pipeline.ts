import type { ValuesOf } from '../../platform/db/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Graph } from '../graph/index.js';
import type { User } from '../identity/index.js';
import { postsByIds } from './queries/posts.js';
import type { Post, Visibility } from './schema.js';
import { type Sight, visibleLevels } from './visibility.js';

/*
 * A list of posts goes through four stages: skeleton (which ids, in which order; by whoever makes the list),
 * hydrate (rows), rules (what the viewer may see), present (the answer).
 */

/** What content needs of the identity domain. */
export interface Authors {
  /** Undeleted users by id; one query. */
  usersByIds(scope: Scope, userIds: readonly string[]): Promise<ReadonlyMap<string, User>>;
  /** Ids of undeleted users by handle; one query. */
  userIdsByHandles(scope: Scope, handles: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface PipelineDeps {
  readonly identity: Pick<Authors, 'usersByIds'>;
  readonly graph: Pick<Graph, 'relations'>;
}

/** An undeleted post as stored, and whether the viewer likes it. Nothing has been said about who may see it. */
export type PostRow = ValuesOf<(typeof postsByIds)['row']>;

/** Hydrate: the rows of undeleted posts, in one query. */
export async function hydratePosts(scope: Scope, postIds: readonly string[]): Promise<Map<string, PostRow>> {
  if (postIds.length === 0) return new Map();
  const rows = await scope.db.rows(postsByIds, { viewerId: scope.viewer?.userId ?? null, postIds });
  return new Map(rows.map((row) => [row.id, row] as const));
}

/** Rules: those of the posts that the viewer may see, in order. */
export function applyVisibilityRules(
  scope: Pick<Scope, 'viewer'>,
  rows: readonly PostRow[],
  relations: ReadonlyMap<string, Sight>,
): PostRow[] {
  const viewerId = scope.viewer?.userId ?? null;
  return rows.filter((row) =>
    visibleLevels(viewerId, row.authorId, relations.get(row.authorId)).includes(row.visibility as Visibility),
  );
}

/** Present: posts as they are answered, in order; those of deleted authors are left out. */
export function composePosts(
  scope: Pick<Scope, 'viewer'>,
  rows: readonly PostRow[],
  authors: ReadonlyMap<string, User>,
): Post[] {
  return rows.flatMap(({ authorId, liked, visibility, hashtags, mentionedUserIds, ...row }) => {
    const author = authors.get(authorId);
    if (author === undefined) return [];
    return {
      ...row,
      author,
      // The column's check admits nothing else.
      visibility: visibility as Visibility,
      hashtags: [...hashtags],
      mentionedUserIds: [...mentionedUserIds],
      viewer: scope.viewer === null ? null : { liked },
    };
  });
}

/**
 * The posts with these ids that the viewer may see, in order. Three queries in two round trips, however many
 * posts (D19): rows with the viewer's likes; then authors, and how the viewer stands to them.
 */
export async function presentPosts(deps: PipelineDeps, scope: Scope, postIds: readonly string[]): Promise<Post[]> {
  const rowById = await hydratePosts(scope, postIds);
  const rows = postIds.flatMap((id) => rowById.get(id) ?? []);
  return await presentRows(deps, scope, rows);
}

/** Rules and present of rows at hand: two queries in one round trip. */
async function presentRows(deps: PipelineDeps, scope: Scope, rows: readonly PostRow[]): Promise<Post[]> {
  if (rows.length === 0) return [];
  const authorIds = [...new Set(rows.map((row) => row.authorId))];
  const [authors, relations] = await Promise.all([
    deps.identity.usersByIds(scope, authorIds),
    deps.graph.relations(scope, authorIds),
  ]);
  return composePosts(scope, applyVisibilityRules(scope, rows, relations), authors);
}

/** One post, or `not_found` when it does not exist, is deleted, or is not for this viewer. Three queries. */
export async function presentPost(deps: PipelineDeps, scope: Scope, postId: string): Promise<Post> {
  const [post] = await presentPosts(deps, scope, [postId]);
  if (post === undefined) throw platformErrors.not_found({ detail: 'there is no such post' });
  return post;
}
