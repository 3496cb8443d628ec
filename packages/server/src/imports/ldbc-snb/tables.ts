import type { ImportReport } from '../import-report.js';
import type { TextFiles } from '../text-files.js';
import { readTable, type TableRow } from './read-table.js';

/** Tables whose rows are accounted for. */
export const TABLES = {
  persons: {
    name: 'dynamic/person',
    header: 'id|firstName|lastName|gender|birthday|creationDate|locationIP|browserUsed|place'.split('|'),
  },
  friendships: { name: 'dynamic/person_knows_person', header: 'Person.id|Person.id|creationDate'.split('|') },
  tags: { name: 'dynamic/post_hasTag_tag', header: 'Post.id|Tag.id'.split('|') },
  posts: {
    name: 'dynamic/post',
    header: 'id|imageFile|creationDate|locationIP|browserUsed|language|content|length|creator|Forum.id|place'.split(
      '|',
    ),
  },
  likes: { name: 'dynamic/person_likes_post', header: 'Person.id|Post.id|creationDate'.split('|') },
} as const;

/** Only looked things up in: it explains the tags of posts. */
export const TAG_NAMES = { name: 'static/tag', header: 'id|name|url|hasType'.split('|') };

export type Kind = keyof typeof TABLES;

/** The rows of a table, each counted as read; those that cannot be right are refused. */
export function rowsOf(report: ImportReport, kind: Kind, files: TextFiles): AsyncGenerator<TableRow> {
  const counts = report.counts(kind);
  const onRead = () => {
    counts.read += 1;
  };
  return readTable(files, TABLES[kind].header, onRead, (place, reason) => report.refuse(kind, place, reason));
}
