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

/** Stores a batch; rows that are there already are passed over. Answers how many it has added. */
export type StoreRows<Row> = (tx: WriteHandle, rows: readonly Row[]) => Promise<number>;

/** The doors of the domains that an import fills, and its way to a transaction in the tenant. */
export interface Community {
  readonly insertUsers: StoreRows<UserRow>;
  readonly insertFollows: StoreRows<FollowRow>;
  readonly insertPosts: StoreRows<PostRow>;
  readonly insertLikes: StoreRows<LikeRow>;
  readonly transaction: <T>(work: (tx: WriteHandle) => Promise<T>) => Promise<T>;
}

/** Called now and then with rows stored so far. */
export type Progress = (kind: string, done: number, total: number | null) => void;
