import path from 'node:path';
import { deterministicId } from '../../platform/ids/index.js';
import type {
  Community,
  FollowRow,
  LeftOutReason,
  LikeRow,
  PostRow,
  Progress,
  StoreRows,
  UserRow,
} from '../community.js';
import { ImportReport, type Place } from '../import-report.js';
import type { Entry } from '../store-batch.js';
import { storeBatches } from '../store-batches.js';
import { handleOf } from './names.js';
import { openTable } from './open-table.js';
import { parseDate, type TableRow } from './read-table.js';
import { type PostTag, readTags } from './read-tags.js';
import { type Kind, rowsOf, TABLES } from './tables.js';

/** Ids by those of the data set, for the rows that point to them. */
type Ids = Map<string, string>;

const MAX_BODY = 5_000;
const NO_DATE = 'creationDate is not a date since 1970';

/**
 * Imports a data set of the LDBC Social Network Benchmark, Interactive v1, "CsvMergeForeign" layout
 * (https://ldbcouncil.org/benchmarks/snb/): persons, friendships (each person follows the other), posts with
 * their tags, and likes of posts. Ids derive from those of the data set, so that a second run adds nothing.
 *
 * @param dir holds `dynamic/` and `static/`
 * @throws ImportFormatError when a table is missing or of another layout; rows that are wrong are refused one by one
 */
export async function importLdbcSnb(community: Community, dir: string, progress: Progress): Promise<ImportReport> {
  const root = path.resolve(dir);
  const report = new ImportReport();
  const store = async <Row, E extends Entry<Row>>(
    kind: Kind,
    read: (rows: AsyncIterable<TableRow>) => AsyncGenerator<E>,
    insert: StoreRows<Row>,
    onEntry?: (entry: E, leftOut: LeftOutReason | undefined) => void,
  ) => {
    const files = await openTable(root, TABLES[kind].name);
    const entries = read(rowsOf(report, kind, files));
    await storeBatches(community, report, kind, entries, insert, (done) => progress(kind, done, files.share), onEntry);
  };

  const persons: Ids = new Map();
  const posts: Ids = new Map();
  await store('persons', (rows) => readPersons(report, rows, persons), community.insertUsers);
  await store('friendships', (rows) => readFriendships(report, rows, persons), community.insertFollows);
  const tags = await readTags(report, root);
  await store(
    'posts',
    (rows) => readPosts(report, rows, persons, posts, tags),
    community.insertPosts,
    (post, leftOut) => settleTags(report, post.tags, leftOut),
  );
  for (const ofNoPost of tags.values()) settleTags(report, ofNoPost, 'no_such_post');
  await store('likes', (rows) => readLikes(report, rows, persons, posts), community.insertLikes);
  return report;
}

/** A post's tags are stored in its row: what became of it became of them. */
function settleTags(report: ImportReport, tags: readonly PostTag[], leftOut: LeftOutReason | undefined): void {
  const reason = leftOut === undefined || leftOut === 'known' ? leftOut : 'no_such_post';
  for (const tag of tags) report.settle('tags', tag, reason);
}

async function* readPersons(
  report: ImportReport,
  rows: AsyncIterable<TableRow>,
  persons: Ids,
): AsyncGenerator<Entry<UserRow>> {
  const refuse = (row: TableRow, reason: string) => report.refuse('persons', row, reason);
  for await (const row of rows) {
    const [id = '', firstName = '', lastName = '', , , date = ''] = row.values;
    const createdMs = parseDate(date);
    const displayName = `${firstName} ${lastName}`.trim();
    if (!/^\d{1,19}$/.test(id)) refuse(row, 'id is not a number');
    else if (createdMs === null) refuse(row, NO_DATE);
    else if (persons.has(id)) refuse(row, `person ${id} is there twice`);
    else if (displayName === '' || displayName.length > 100) refuse(row, 'name is empty or too long');
    else {
      const userId = deterministicId(createdMs, 'ldbc-snb/person', id);
      persons.set(id, userId);
      const handle = handleOf(firstName, lastName, id);
      const createdAt = new Date(createdMs).toISOString();
      yield { ...placeOf(row), rows: [{ id: userId, handle, displayName, bio: '', email: null, createdAt }] };
    }
  }
}

/** A friendship is mutual: it becomes a pair of follows. */
async function* readFriendships(
  report: ImportReport,
  rows: AsyncIterable<TableRow>,
  persons: Ids,
): AsyncGenerator<Entry<FollowRow>> {
  const refuse = (row: TableRow, reason: string) => report.refuse('friendships', row, reason);
  const seen = new Set<string>();
  for await (const row of rows) {
    const [one = '', other = '', date = ''] = row.values;
    const a = persons.get(one);
    const b = persons.get(other);
    const createdMs = parseDate(date);
    const pair = pairKey(one, other);
    if (a === undefined || b === undefined) refuse(row, 'one of the persons is not there');
    else if (one === other) refuse(row, 'a person cannot be their own friend');
    else if (createdMs === null) refuse(row, NO_DATE);
    else if (seen.has(pair)) refuse(row, 'the friendship is there twice');
    else {
      seen.add(pair);
      const createdAt = new Date(createdMs).toISOString();
      const both = [
        { followerId: a, followeeId: b, createdAt },
        { followerId: b, followeeId: a, createdAt },
      ];
      yield { ...placeOf(row), rows: both };
    }
  }
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one}|${other}` : `${other}|${one}`;
}

/** Takes the tags of each post out of `tags`. */
async function* readPosts(
  report: ImportReport,
  rows: AsyncIterable<TableRow>,
  persons: Ids,
  posts: Ids,
  tags: Map<string, readonly PostTag[]>,
): AsyncGenerator<Entry<PostRow> & { readonly tags: readonly PostTag[] }> {
  const refuse = (row: TableRow, reason: string) => report.refuse('posts', row, reason);
  for await (const row of rows) {
    const [id = '', imageFile = '', date = '', , , language = '', content = '', , creator = ''] = row.values;
    const createdMs = parseDate(date);
    const authorId = persons.get(creator);
    if (createdMs === null) refuse(row, NO_DATE);
    else if (authorId === undefined) refuse(row, `creator ${creator} is not there`);
    else if (posts.has(id)) refuse(row, `post ${id} is there twice`);
    else if (content === '' && imageFile === '') refuse(row, 'neither content nor image');
    else if (content.length > MAX_BODY) refuse(row, `content is longer than ${MAX_BODY}`);
    else {
      const postId = deterministicId(createdMs, 'ldbc-snb/post', id);
      posts.set(detached(id), postId);
      const ownTags = tags.get(id) ?? [];
      tags.delete(id);
      const post: PostRow = {
        id: postId,
        authorId,
        body: content,
        imageName: imageFile || null,
        language: language || null,
        visibility: 'public',
        hashtags: ownTags.map(({ hashtag }) => hashtag),
        createdAt: new Date(createdMs).toISOString(),
      };
      yield { ...placeOf(row), rows: [post], tags: ownTags };
    }
  }
}

async function* readLikes(
  report: ImportReport,
  rows: AsyncIterable<TableRow>,
  persons: Ids,
  posts: Ids,
): AsyncGenerator<Entry<LikeRow>> {
  const refuse = (row: TableRow, reason: string) => report.refuse('likes', row, reason);
  for await (const row of rows) {
    const [person = '', post = '', date = ''] = row.values;
    const userId = persons.get(person);
    const postId = posts.get(post);
    const createdMs = parseDate(date);
    if (userId === undefined) refuse(row, `person ${person} is not there`);
    else if (postId === undefined) refuse(row, `post ${post} is not there`);
    else if (createdMs === null) refuse(row, NO_DATE);
    else yield { ...placeOf(row), rows: [{ postId, userId, createdAt: new Date(createdMs).toISOString() }] };
  }
}

/** A part of a string keeps the whole alive: 400 bytes for each post, where 100 are needed. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}

/** Without the values, whose text would be held with it. */
function placeOf({ file, line }: TableRow): Place {
  return { file, line };
}
