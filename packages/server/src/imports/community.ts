import type { WriteHandle } from '../platform/db/index.js';

export interface UserRow {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  readonly email: string | null;
  readonly createdAt: string;
}

export interface FollowRow {
  readonly followerId: string;
  readonly followeeId: string;
  readonly createdAt: string;
}

export interface PostRow {
  readonly id: string;
  readonly authorId: string;
  readonly body: string;
  readonly imageName: string | null;
  readonly language: string | null;
  readonly visibility: 'public' | 'followers' | 'private';
  readonly hashtags: readonly string[];
  readonly createdAt: string;
}

export interface LikeRow {
  readonly postId: string;
  readonly userId: string;
  readonly createdAt: string;
}

/** Why a row was not stored: it was there already, or the community has no place for it. */
export type LeftOutReason =
  | 'known'
  | 'handle_taken'
  | 'email_taken'
  | 'self'
  | 'blocked'
  | 'no_such_user'
  | 'no_such_post';

export interface LeftOut {
  /** Of the row in its batch. */
  readonly index: number;
  readonly reason: LeftOutReason;
}

/** Stores a batch and answers which of its rows were left out. */
export type StoreRows<Row> = (tx: WriteHandle, rows: readonly Row[]) => Promise<readonly LeftOut[]>;

/** The doors of the domains that an import fills, and its way to a transaction in the tenant. */
export interface Community {
  readonly insertUsers: StoreRows<UserRow>;
  readonly insertFollows: StoreRows<FollowRow>;
  readonly insertPosts: StoreRows<PostRow>;
  readonly insertLikes: StoreRows<LikeRow>;
  readonly transaction: <T>(work: (tx: WriteHandle) => Promise<T>) => Promise<T>;
}

/**
 * Called now and then.
 * @param rows of this kind so far  @param share 0 to 1: how much of them that is
 */
export type Progress = (kind: string, rows: number, share: number) => void;
