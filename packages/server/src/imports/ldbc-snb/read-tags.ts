import type { ImportReport, Place } from '../import-report.js';
import { hashtagOf } from './names.js';
import { openTable } from './open-table.js';
import { readTable } from './read-table.js';
import { rowsOf, TABLES, TAG_NAMES } from './tables.js';

/** A hashtag of a post, and the row that says so. */
export interface PostTag extends Place {
  readonly hashtag: string;
}

/** A post holds as many hashtags. */
const MAX_TAGS = 30;

/**
 * Reads the tags of all posts, by the posts' ids in the data set; their rows come to be written or refused with those
 * of the posts. A tag whose name is another one's but for case and punctuation is the same hashtag.
 */
export async function readTags(report: ImportReport, dir: string): Promise<Map<string, PostTag[]>> {
  const hashtags = await readHashtags(report, dir);
  const byPost = new Map<string, PostTag[]>();
  for await (const { file, line, values } of rowsOf(report, 'tags', await openTable(dir, TABLES.tags.name))) {
    const [post = '', tag = ''] = values;
    const hashtag = hashtags.get(tag);
    const tags = byPost.get(post) ?? [];
    if (hashtag === undefined) report.refuse('tags', { file, line }, `tag ${tag} is not there`);
    else if (hashtag === '') report.refuse('tags', { file, line }, `no hashtag can be made of the name of tag ${tag}`);
    else if (tags.some((other) => other.hashtag === hashtag)) report.settle('tags', { file, line }, 'known');
    else if (tags.length === MAX_TAGS)
      report.refuse('tags', { file, line }, `post ${post} has ${MAX_TAGS} tags already`);
    else byPost.set(post, [...tags, { file, line, hashtag }]);
  }
  return byPost;
}

async function readHashtags(report: ImportReport, dir: string): Promise<ReadonlyMap<string, string>> {
  const hashtags = new Map<string, string>();
  const files = await openTable(dir, TAG_NAMES.name);
  const note = (place: Place, reason: string) => report.note(place, reason);
  for await (const { values } of readTable(files, TAG_NAMES.header, () => {}, note)) {
    const [id = '', name = ''] = values;
    hashtags.set(id, hashtagOf(name));
  }
  return hashtags;
}
