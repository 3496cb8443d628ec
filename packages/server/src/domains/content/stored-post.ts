import type { ValuesOf } from '../../platform/db/index.js';
import type { Custom } from './custom.js';
import type { Media } from './media/schema.js';
import type { postContents } from './queries/posts.js';
import type { PostEntity, ReplyPolicy, Visibility } from './schema.js';

export type ContentRow = ValuesOf<(typeof postContents)['row']>;

/** The JSON of a post in three pieces: author, count of likes and viewer go between them. */
interface Pieces {
  readonly beforeAuthor: string;
  readonly beforeLikes: string;
  readonly afterViewer: string;
}

/** What is the same of a post for whoever reads it, as of one `updatedAt`. */
export class StoredPost {
  readonly tenantId: string;
  readonly #row: ContentRow;
  #pieces: Pieces | undefined;

  constructor(tenantId: string, row: ContentRow) {
    this.tenantId = tenantId;
    this.#row = row;
  }

  get id(): string {
    return this.#row.id;
  }

  get authorId(): string {
    return this.#row.authorId;
  }

  get updatedAt(): string {
    return this.#row.updatedAt;
  }

  get visibility(): Visibility {
    // The column's check admits nothing else.
    return this.#row.visibility as Visibility;
  }

  get replyPolicy(): ReplyPolicy {
    // As above.
    return this.#row.replyPolicy as ReplyPolicy;
  }

  get linkUrl(): string | null {
    return this.#row.linkUrl;
  }

  get hasPoll(): boolean {
    return this.#row.hasPoll;
  }

  mentions(userId: string): boolean {
    return this.#row.mentionedUserIds.includes(userId);
  }

  /** The fields of the answer that are the post's own. */
  fields() {
    const { authorId, hashtags, mentionedUserIds, hasPoll, linkUrl, ...row } = this.#row;
    return {
      ...row,
      visibility: this.visibility,
      hashtags: [...hashtags],
      mentionedUserIds: [...mentionedUserIds],
      // Nothing but `write-post.ts` and `edit-post.ts` writes these columns.
      entities: row.entities as PostEntity[],
      replyPolicy: this.replyPolicy,
      custom: row.custom as Custom,
      media: row.media as Media[],
    };
  }

  /** Made once, for as long as the post is kept: most of what a page costs to write (C7). */
  pieces(): Pieces {
    if (this.#pieces === undefined) {
      const { id, createdAt, updatedAt, authorId, hasPoll, linkUrl, ...rest } = this.#row;
      this.#pieces = {
        beforeAuthor: `{"id":"${id}","author":`,
        beforeLikes: `,${JSON.stringify(rest).slice(1, -1)},"likeCount":`,
        afterViewer: `,"createdAt":"${createdAt}","updatedAt":"${updatedAt}"}`,
      };
    }
    return this.#pieces;
  }

  /** Row and pieces: estimated memory. */
  get bytes(): number {
    const { body, hashtags, mentionedUserIds, entities, custom, media } = this.#row;
    const links = hashtags.length + mentionedUserIds.length + (entities as PostEntity[]).length;
    return 1_200 + 3 * body.length + 100 * links + 8 * (JSON.stringify(custom).length + JSON.stringify(media).length);
  }
}
