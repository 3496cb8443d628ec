import type { WriteHandle } from '../../platform/db/index.js';
import { postsImported } from './events.js';
import { MAX_HASHTAGS, MAX_MENTIONS } from './limits.js';
import { normaliseHashtag, parseBody } from './parse-body.js';
import { insertManyPosts } from './queries/posts.js';
import { hashtagEntity } from './read-body.js';
import type { Visibility } from './schema.js';

/** A post from elsewhere, with its own id and date. */
export interface ImportedPost {
  readonly id: string;
  readonly authorId: string;
  /** At most 5,000 code points; empty only with a picture. */
  readonly body: string;
  readonly imageName: string | null;
  readonly language: string | null;
  readonly visibility: Visibility;
  /** As written elsewhere; default: those in the body. What cannot be a hashtag is left out. */
  readonly hashtags?: readonly string[];
  readonly mentionedUserIds?: readonly string[];
  /** RFC 3339 */
  readonly createdAt: string;
}

/** A post that was not inserted: `known` when its id is there, also as an earlier one of the batch. */
export interface PostLeftOut {
  readonly index: number;
  readonly reason: 'known' | 'no_such_user';
}

/** Inserts many posts; answers which were left out. A few thousand at a time keep the transaction short. */
export async function insertPosts(tx: WriteHandle, posts: readonly ImportedPost[]): Promise<PostLeftOut[]> {
  if (posts.length === 0) return [];
  const links = posts.map(linksOf);
  const leftOut = await tx.rows(insertManyPosts, {
    ids: posts.map((post) => post.id),
    authorIds: posts.map((post) => post.authorId),
    bodies: posts.map((post) => post.body),
    imageNames: posts.map((post) => post.imageName),
    languages: posts.map((post) => post.language),
    visibilities: posts.map((post) => post.visibility),
    hashtags: links.map(({ hashtags }) => hashtags.join(' ')),
    mentionedUserIds: posts.map((post) => (post.mentionedUserIds ?? []).slice(0, MAX_MENTIONS).join(',')),
    entities: links.map(({ entities }) => JSON.stringify(entities)),
    createdAts: posts.map((post) => post.createdAt),
  });
  const indexes = new Set(leftOut.map(({ index }) => index));
  const inserted = posts.filter((_, index) => !indexes.has(index));
  for (const event of postsImported(inserted.map((post) => post.id))) tx.emit(event);
  return leftOut as PostLeftOut[];
}

/** Whom a body mentions is told by ids elsewhere, and not where: places are those of hashtags only. */
function linksOf({ hashtags: given, body }: ImportedPost) {
  const parsed = parseBody(body);
  const hashtags =
    given === undefined
      ? parsed.hashtags
      : [...new Set(given.flatMap((hashtag) => normaliseHashtag(hashtag) ?? []))].slice(0, MAX_HASHTAGS);
  const carried = new Set(hashtags);
  return { hashtags, entities: parsed.hashtagsAt.filter(({ name }) => carried.has(name)).map(hashtagEntity) };
}
