import type { ValuesOf } from '../../../platform/db/index.js';
import type { Scope } from '../../../platform/operation/index.js';
import { pollsOfPosts } from '../queries/polls.js';
import type { StoredPost } from '../stored-post.js';
import type { Poll } from './schema.js';

/** The polls of those of the posts that have one, as the viewer sees them, by post. One query, or none. */
export async function readPolls(
  { db, viewer }: Pick<Scope, 'db' | 'viewer'>,
  posts: readonly (StoredPost | undefined)[],
): Promise<ReadonlyMap<string, Poll>> {
  const authorOf = new Map(posts.flatMap((post) => (post?.hasPoll === true ? [[post.id, post.authorId]] : [])));
  if (authorOf.size === 0) return new Map();
  const viewerId = viewer?.userId ?? null;
  const rows = await db.rows(pollsOfPosts, { viewerId, postIds: [...authorOf.keys()] });
  return new Map(rows.map((row) => [row.postId, presentPoll(row, viewerId, authorOf.get(row.postId))]));
}

function presentPoll(
  { postId: _, options, votes, votedFor, ...row }: ValuesOf<(typeof pollsOfPosts)['row']>,
  viewerId: string | null,
  authorId: string | undefined,
): Poll {
  const shown = !row.hidesResults || row.closed || votedFor.length > 0 || viewerId === authorId;
  return {
    ...row,
    options: options.map((text, index) => ({ text, votes: shown ? (votes[index] ?? 0) : null })),
    votedFor: viewerId === null ? null : [...votedFor],
  };
}
