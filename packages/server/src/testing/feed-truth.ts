import type { Pool } from 'pg';
import type { Member } from './test-app.js';

/** When a post is of, with all digits. */
export interface PostPosition {
  readonly at: string;
  readonly id: string;
}

/** As the product counts. */
const LATE = `interval '1 minute'`;

/** What the tables say by now, asked as the rules are written and not as the product asks. */
export class FeedTruth {
  readonly viewer: Member;
  readonly #sql: Pool;

  constructor(sql: Pool, viewer: Member) {
    this.#sql = sql;
    this.viewer = viewer;
  }

  async #ids(text: string, ...values: unknown[]): Promise<string[]> {
    return (await this.#sql.query<{ id: string }>(text, [this.viewer.id, ...values])).rows.map(({ id }) => id);
  }

  /** By followees and the viewer, newest first. */
  followed(limit: number, before: PostPosition | null = null): Promise<string[]> {
    return this.#ids(
      `select id from posts p
       where (p.author_id = $1 or exists (select from follows where follower_id = $1 and followee_id = p.author_id))
         and p.deleted_at is null and (p.visibility <> 'private' or p.author_id = $1)
         and ($3::uuid is null or (p.created_at, p.id) < ($2::timestamptz, $3::uuid))
       order by p.created_at desc, p.id desc limit $4`,
      before?.at ?? null,
      before?.id ?? null,
      limit,
    );
  }

  popular(): Promise<string[]> {
    return this.#ids(
      `select id from posts p
       where p.visibility = 'public' and p.deleted_at is null and p.like_count > 0 and p.author_id <> $1
         and p.created_at > now() - interval '7 days'
         and not exists (select from blocks where (blocker_id, blocked_id) in (($1, p.author_id), (p.author_id, $1)))
       order by log(2, 1 + p.like_count) / 2 + extract(epoch from p.created_at) / 43200 desc, id desc limit 100`,
    );
  }

  async visible(ids: readonly string[]): Promise<Set<string>> {
    return new Set(
      await this.#ids(
        `select p.id from posts p
         where p.id = any($2) and p.deleted_at is null
           and not exists (select from blocks where (blocker_id, blocked_id) in (($1, p.author_id), (p.author_id, $1)))
           and (p.author_id = $1 or p.visibility = 'public' or (p.visibility = 'followers'
             and exists (select from follows where follower_id = $1 and followee_id = p.author_id)))`,
        ids,
      ),
    );
  }

  async positionOf(id: string): Promise<PostPosition> {
    const { rows } = await this.#sql.query<{ at: string }>('select created_at::text as at from posts where id = $1', [
      id,
    ]);
    return { at: rows[0]?.at ?? '', id };
  }

  async newSince(session: readonly string[], openedAt: string, horizon: PostPosition | null): Promise<number> {
    const ids = await this.#ids(
      `select id from posts p
       where exists (select from follows where follower_id = $1 and followee_id = p.author_id)
         and p.deleted_at is null and p.visibility <> 'private' and p.id <> all($2)
         and p.created_at > $3::timestamptz - ${LATE} and ($4::timestamptz is null or p.created_at > $4)`,
      session,
      openedAt,
      horizon?.at ?? null,
    );
    return ids.length;
  }
}
