import path from 'node:path';
import { deterministicId } from '../../platform/ids/index.js';
import type { Community, FollowRow, LikeRow, PostRow, Progress, UserRow } from '../community.js';
import { ImportReport } from '../import-report.js';
import { storeBatches } from '../store-batches.js';
import { handleOf, hashtagOf } from './names.js';
import { parseDate, readTable, type TableRow } from './read-table.js';

/** A person or post that later rows point to. */
interface Known {
  readonly id: string;
  readonly createdMs: number;
}

interface Context {
  readonly dir: string;
  readonly report: ImportReport;
  readonly persons: Map<string, Known>;
  readonly posts: Map<string, Known>;
}

const MAX_BODY = 5_000;

const FILES = {
  persons: {
    file: 'dynamic/person_0_0.csv',
    header: 'id|firstName|lastName|gender|birthday|creationDate|locationIP|browserUsed|place'.split('|'),
  },
  friendships: { file: 'dynamic/person_knows_person_0_0.csv', header: 'Person.id|Person.id|creationDate'.split('|') },
  posts: {
    file: 'dynamic/post_0_0.csv',
    header: 'id|imageFile|creationDate|locationIP|browserUsed|language|content|length|creator|Forum.id|place'.split(
      '|',
    ),
  },
  postTags: { file: 'dynamic/post_hasTag_tag_0_0.csv', header: 'Post.id|Tag.id'.split('|') },
  tags: { file: 'static/tag_0_0.csv', header: 'id|name|url|hasType'.split('|') },
  likes: { file: 'dynamic/person_likes_post_0_0.csv', header: 'Person.id|Post.id|creationDate'.split('|') },
} as const;

/**
 * Imports a data set of the LDBC Social Network Benchmark, Interactive v1, "CsvMergeForeign" layout
 * (https://ldbcouncil.org/benchmarks/snb/): persons, friendships (each person follows the other), posts with
 * their tags, and likes of posts. Ids derive from those of the data set, so that a second run adds nothing.
 *
 * @param dir holds `dynamic/` and `static/`
 * @throws ImportFormatError when a file is missing or of another layout; rows that are wrong are refused one by one
 */
export async function importLdbcSnb(community: Community, dir: string, progress: Progress): Promise<ImportReport> {
  const report = new ImportReport();
  const context: Context = { dir: path.resolve(dir), report, persons: new Map(), posts: new Map() };
  const store = <Row>(kind: string, rows: AsyncIterable<Row>, insert: Parameters<typeof storeBatches<Row>>[4]) =>
    storeBatches(community, report, kind, rows, insert, progress);

  await store('persons', readPersons(context), community.insertUsers);
  await store('friendships', readFriendships(context), async (tx, pairs) => {
    const written = await community.insertFollows(tx, pairs.flat());
    return written / 2;
  });
  const tagsOfPosts = await readTagsOfPosts(context);
  await store('posts', readPosts(context, tagsOfPosts), community.insertPosts);
  await store('likes', readLikes(context), community.insertLikes);
  return report;
}

/** Tables whose rows become rows here; the others only explain them. */
type Kind = 'persons' | 'friendships' | 'posts' | 'likes';

function rowsOf(context: Context, kind: Kind): AsyncGenerator<TableRow> {
  const counts = context.report.counts(kind);
  const onRead = () => {
    counts.read += 1;
  };
  return readTable(context.dir, FILES[kind], onRead, (line, reason) => refuse(context, kind, { line }, reason));
}

function refuse({ report }: Context, kind: Kind, { line }: Pick<TableRow, 'line'>, reason: string): void {
  report.refuse(kind, { file: FILES[kind].file, line, reason });
}

function lookUp({ dir, report }: Context, table: Exclude<keyof typeof FILES, Kind>): AsyncGenerator<TableRow> {
  const format = FILES[table];
  return readTable(
    dir,
    format,
    () => {},
    (line, reason) => report.note({ file: format.file, line, reason }),
  );
}

async function* readPersons(context: Context): AsyncGenerator<UserRow> {
  for await (const row of rowsOf(context, 'persons')) {
    const [id = '', firstName = '', lastName = '', , , date = ''] = row.values;
    const createdMs = parseDate(date);
    const displayName = `${firstName} ${lastName}`.trim();
    if (!/^\d{1,19}$/.test(id)) refuse(context, 'persons', row, 'id is not a number');
    else if (createdMs === null) refuse(context, 'persons', row, 'creationDate is not a date');
    else if (context.persons.has(id)) refuse(context, 'persons', row, `person ${id} is there twice`);
    else if (displayName === '' || displayName.length > 100)
      refuse(context, 'persons', row, 'name is empty or too long');
    else {
      const person = { id: deterministicId(createdMs, 'ldbc-snb/person', id), createdMs };
      context.persons.set(id, person);
      const createdAt = new Date(createdMs).toISOString();
      yield { id: person.id, handle: handleOf(firstName, lastName, id), displayName, bio: '', email: null, createdAt };
    }
  }
}

/** A friendship is mutual: it becomes a pair of follows, stored together. */
async function* readFriendships(context: Context): AsyncGenerator<[FollowRow, FollowRow]> {
  const seen = new Set<string>();
  for await (const row of rowsOf(context, 'friendships')) {
    const [one = '', other = '', date = ''] = row.values;
    const a = context.persons.get(one);
    const b = context.persons.get(other);
    const createdMs = parseDate(date);
    const pair = pairKey(one, other);
    if (a === undefined || b === undefined) refuse(context, 'friendships', row, 'one of the persons is not there');
    else if (one === other) refuse(context, 'friendships', row, 'a person cannot be their own friend');
    else if (createdMs === null) refuse(context, 'friendships', row, 'creationDate is not a date');
    else if (seen.has(pair)) refuse(context, 'friendships', row, 'the friendship is there twice');
    else {
      seen.add(pair);
      const createdAt = new Date(createdMs).toISOString();
      yield [
        { followerId: a.id, followeeId: b.id, createdAt },
        { followerId: b.id, followeeId: a.id, createdAt },
      ];
    }
  }
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one}|${other}` : `${other}|${one}`;
}

async function readTagsOfPosts(context: Context): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = new Map<string, string[]>();
  for await (const { values } of lookUp(context, 'postTags')) {
    const [post = '', tag = ''] = values;
    wanted.set(post, [...(wanted.get(post) ?? []), tag]);
  }
  const used = new Set([...wanted.values()].flat());
  const names = new Map<string, string>();
  for await (const { values } of lookUp(context, 'tags')) {
    const [id = '', name = ''] = values;
    const hashtag = hashtagOf(name);
    if (used.has(id) && hashtag !== '') names.set(id, hashtag);
  }
  const named = new Map<string, string[]>();
  for (const [post, tags] of wanted) {
    named.set(post, [...new Set(tags.map((tag) => names.get(tag)).filter((name) => name !== undefined))]);
  }
  return named;
}

async function* readPosts(
  context: Context,
  tagsOfPosts: ReadonlyMap<string, readonly string[]>,
): AsyncGenerator<PostRow> {
  for await (const row of rowsOf(context, 'posts')) {
    const [id = '', imageFile = '', date = '', , , language = '', content = '', , creator = ''] = row.values;
    const createdMs = parseDate(date);
    const author = context.persons.get(creator);
    if (createdMs === null) refuse(context, 'posts', row, 'creationDate is not a date');
    else if (author === undefined) refuse(context, 'posts', row, `creator ${creator} is not there`);
    else if (context.posts.has(id)) refuse(context, 'posts', row, `post ${id} is there twice`);
    else if (content === '' && imageFile === '') refuse(context, 'posts', row, 'neither content nor image');
    else if (content.length > MAX_BODY) refuse(context, 'posts', row, `content is longer than ${MAX_BODY}`);
    else {
      const post = { id: deterministicId(createdMs, 'ldbc-snb/post', id), createdMs };
      context.posts.set(id, post);
      yield {
        id: post.id,
        authorId: author.id,
        body: content,
        imageName: imageFile || null,
        language: language || null,
        visibility: 'public',
        hashtags: tagsOfPosts.get(id) ?? [],
        createdAt: new Date(createdMs).toISOString(),
      };
    }
  }
}

async function* readLikes(context: Context): AsyncGenerator<LikeRow> {
  for await (const row of rowsOf(context, 'likes')) {
    const [person = '', post = '', date = ''] = row.values;
    const user = context.persons.get(person);
    const liked = context.posts.get(post);
    const createdMs = parseDate(date);
    if (user === undefined) refuse(context, 'likes', row, `person ${person} is not there`);
    else if (liked === undefined) refuse(context, 'likes', row, `post ${post} is not there`);
    else if (createdMs === null) refuse(context, 'likes', row, 'creationDate is not a date');
    else yield { postId: liked.id, userId: user.id, createdAt: new Date(createdMs).toISOString() };
  }
}
