import { idAt } from '../../platform/ids/index.js';
import type { Community, FollowRow, LikeRow, PostRow, Progress, StoreRows, UserRow } from '../community.js';
import { ImportReport } from '../import-report.js';
import type { Entry } from '../store-batch.js';
import { storeBatches } from '../store-batches.js';
import { createRandom, type Random } from './random.js';
import { FAMILY_NAMES, GIVEN_NAMES, HASHTAGS, VOCABULARIES } from './words.js';
import { createZipf } from './zipf.js';

export interface SeedSize {
  /** 2 to 100,000 */
  readonly users: number;
  /** Follows by each user on average; the shape stays a power law. */
  readonly followsPerUser: number;
  readonly postsPerUser: number;
  readonly likesPerPost: number;
}

export const DEFAULT_SIZE: Omit<SeedSize, 'users'> = { followsPerUser: 50, postsPerUser: 10, likesPerPost: 2 };

/** The community's history ends here, whenever it is made: the same seed gives the same rows. */
const END_MS = Date.UTC(2026, 0, 1);
const YEAR_MS = 365 * 86_400_000;
/** Everybody has joined in the first half. */
const JOINING_MS = YEAR_MS / 2;

/**
 * Makes a synthetic community: followers by a power law (exponent about 2.2, as measured on large social
 * networks: Kwak et al., "What is Twitter", WWW 2010), authors, words and hashtags by Zipf's law, posts in nine
 * languages over a year, likes that favour the popular. The same seed and size give the same rows and ids.
 */
export async function seedCommunity(
  community: Community,
  seed: number,
  size: SeedSize,
  progress: Progress,
): Promise<ImportReport> {
  const report = new ImportReport();
  const users = makeUsers(seed, size.users);
  const posts = size.users * size.postsPerUser;
  const made = async <Row>(kind: string, rows: Iterable<Row>, insert: StoreRows<Row>, total: number) => {
    const onBatch = (done: number) => progress(kind, done, Math.min(done / total, 1));
    await storeBatches(community, report, kind, numbered(report, kind, rows), insert, onBatch);
  };
  await made('users', users, community.insertUsers, size.users);
  await made('follows', makeFollows(seed, users, size), community.insertFollows, size.users * size.followsPerUser);
  await made('posts', makePosts(seed, users, posts), community.insertPosts, posts);
  await made('likes', makeLikes(seed, users, posts, size), community.insertLikes, posts * size.likesPerPost);
  return report;
}

/** There is no file: a row's place is its number among those of its kind. */
function* numbered<Row>(report: ImportReport, kind: string, rows: Iterable<Row>): Generator<Entry<Row>> {
  const counts = report.counts(kind);
  for (const row of rows) {
    counts.read += 1;
    yield { file: kind, line: counts.read, rows: [row] };
  }
}

function makeUsers(seed: number, count: number): UserRow[] {
  // Communities of one seed and several sizes have nobody in common, be it the first.
  const random = createRandom(seed, `users/${count}`);
  return Array.from({ length: count }, (_, index) => {
    const given = pick(random, GIVEN_NAMES);
    const family = pick(random, FAMILY_NAMES);
    const createdMs = END_MS - YEAR_MS + Math.floor((index / count) * JOINING_MS);
    return {
      id: idAt(createdMs, random.bytes()),
      handle: handleOf(`${given}_${family}`, [seed, count, index]),
      displayName: `${given} ${family}`,
      bio: `${pick(random, HASHTAGS)}, ${pick(random, HASHTAGS)}`,
      email: null,
      createdAt: new Date(createdMs).toISOString(),
    };
  });
}

/** `ada_novak_1_8c_5f`: the numbers of seed, size and member make it unique, and take 18 of the 30 characters at most. */
function handleOf(name: string, numbers: readonly number[]): string {
  const suffix = numbers.map((number) => `_${number.toString(36)}`).join('');
  return name.toLowerCase().slice(0, 30 - suffix.length) + suffix;
}

/** Popularity is apart from seniority: rank r belongs to user `order[r]`. */
function popularityOrder(seed: number, count: number): Uint32Array {
  const random = createRandom(seed, 'popularity');
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

function* makeFollows(seed: number, users: readonly UserRow[], size: SeedSize): Generator<FollowRow> {
  const random = createRandom(seed, 'follows');
  const order = popularityOrder(seed, users.length);
  // Rank-size exponent 0.83 is a degree distribution with exponent 1 + 1 / 0.83 = 2.2.
  const drawRank = createZipf(users.length, 0.83, 3);
  for (const [index, user] of users.entries()) {
    const wanted = Math.min(outDegree(random, size.followsPerUser), Math.floor(users.length / 2));
    const chosen = new Set<number>();
    for (let tries = 0; chosen.size < wanted && tries < wanted * 4; tries++) {
      const followee = order[drawRank(random)] as number;
      if (followee !== index) chosen.add(followee);
    }
    for (const followee of chosen) {
      const createdAt = after(random, user, END_MS);
      yield { followerId: user.id, followeeId: (users[followee] as UserRow).id, createdAt };
    }
  }
}

/** Exponentially distributed around the mean: most follow few, some follow hundreds. */
function outDegree(random: Random, mean: number): number {
  return Math.min(Math.ceil(-Math.log(1 - random.next()) * mean), 2_000);
}

/** In the order of time, so that their ids go to the end of each index. */
function* makePosts(seed: number, users: readonly UserRow[], count: number): Generator<PostRow> {
  const random = createRandom(seed, 'posts');
  for (const { id, author, createdMs } of outlinePosts(seed, users.length, count)) {
    const vocabulary = VOCABULARIES[author % VOCABULARIES.length] as (typeof VOCABULARIES)[number];
    const hashtags = random.next() < 0.4 ? [pickZipf(random, HASHTAGS)] : [];
    const words = Array.from({ length: 4 + random.below(24) }, () => pickZipf(random, vocabulary.words));
    const body = [words.join(vocabulary.separator), ...hashtags.map((tag) => `#${tag}`)].join(' ');
    yield {
      id,
      authorId: (users[author] as UserRow).id,
      body,
      imageName: null,
      language: vocabulary.language,
      visibility: random.next() < 0.9 ? 'public' : 'followers',
      hashtags,
      createdAt: new Date(createdMs).toISOString(),
    };
  }
}

interface PostOutline {
  readonly id: string;
  readonly author: number;
  readonly createdMs: number;
}

/** Posts without their text: what likes need to know of them, made twice instead of kept. */
function* outlinePosts(seed: number, users: number, count: number): Generator<PostOutline> {
  const random = createRandom(seed, `outlines/${users}/${count}`);
  const order = popularityOrder(seed, users);
  const drawRank = createZipf(users, 0.7, 5);
  const start = END_MS - JOINING_MS;
  for (let i = 0; i < count; i++) {
    const createdMs = start + Math.floor((i / count) * (END_MS - start));
    yield { id: idAt(createdMs, random.bytes()), author: order[drawRank(random)] as number, createdMs };
  }
}

function* makeLikes(seed: number, users: readonly UserRow[], posts: number, size: SeedSize): Generator<LikeRow> {
  const random = createRandom(seed, 'likes');
  for (const post of outlinePosts(seed, users.length, posts)) {
    const wanted = Math.min(outDegree(random, size.likesPerPost) - 1, users.length - 1);
    const likers = new Set<number>();
    for (let i = 0; i < wanted; i++) likers.add(random.below(users.length));
    for (const liker of likers) {
      const createdMs = post.createdMs + random.below(Math.max(END_MS - post.createdMs, 1));
      yield { postId: post.id, userId: (users[liker] as UserRow).id, createdAt: new Date(createdMs).toISOString() };
    }
  }
}

function after(random: Random, user: UserRow, end: number): string {
  const from = Math.max(Date.parse(user.createdAt), END_MS - JOINING_MS);
  return new Date(from + random.below(end - from)).toISOString();
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}

/** Zipf's law with exponent 1 by inversion: close enough for words, and needs no table. */
function pickZipf<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor((items.length + 1) ** random.next()) - 1] as T;
}
