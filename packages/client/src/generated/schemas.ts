// Written by `npm run generate` from generated/openapi.json.

/** An API key, without the key itself */
export interface ApiKey {
  /** UUID, in lower case */
  readonly id: string;
  /** `publishable` may be in apps and says which tenant is meant; `secret` is for your own backend only */
  readonly kind: 'publishable' | 'secret';
  /** How the key begins */
  readonly hint: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface Hashtag {
  /** Normalised */
  readonly hashtag: string;
  /** Public posts that carry it; a moment behind */
  readonly posts: number;
}

export interface LikeState {
  /** Whether the viewer likes the post now */
  readonly liked: boolean;
  readonly likeCount: number;
}

/** The signed-in user */
export interface Me {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** Shown to nobody else */
  readonly email: string | null;
}

/** A post, as the caller sees it */
export interface Post {
  /** UUID, in lower case */
  readonly id: string;
  readonly author: User;
  /** Empty only for a picture without words */
  readonly body: string;
  /** Name of the picture of an imported post */
  readonly imageName: string | null;
  /** BCP 47 */
  readonly language: string | null;
  /** `public`: everyone; `followers`: the author and their followers; `private`: the author */
  readonly visibility: 'public' | 'followers' | 'private';
  /** Normalised (NFKC, small letters), in order of appearance */
  readonly hashtags: readonly string[];
  readonly mentionedUserIds: readonly string[];
  readonly likeCount: number;
  /** What the caller has done with the post; null without a session */
  readonly viewer: {
    readonly liked: boolean;
  } | null;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly updatedAt: string;
}

export interface Relation {
  /** The viewer follows the user */
  readonly following: boolean;
  /** The user follows the viewer */
  readonly followedBy: boolean;
  /** The viewer blocks the user */
  readonly blocking: boolean;
}

/** A place where the user is signed in */
export interface Session {
  /** UUID, in lower case */
  readonly id: string;
  readonly userAgent: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly expiresAt: string;
  /** The session of this very call */
  readonly current: boolean;
}

export interface SignedIn {
  readonly user: User;
  /** Bearer token of the session; null when an Idempotency-Key repeats the answer */
  readonly token: string | null;
  /** RFC 3339 in UTC, with microseconds */
  readonly expiresAt: string;
}

/** A user */
export interface User {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
}

/** A user as seen by the caller; `viewer` is null without a session and for oneself */
export interface UserProfile {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** How many follow the user, and how many the user follows */
  readonly counts: {
    readonly followers: number;
    readonly following: number;
  };
  readonly viewer: {
    readonly following: boolean;
    readonly followedBy: boolean;
    readonly blocking: boolean;
  } | null;
}

/** An error as RFC 9457 describes it */
export interface Problem {
  /** Reference to the explanation of the code */
  readonly type: string;
  /** The same for every occurrence */
  readonly title: string;
  readonly status: number;
  /** What happened this time */
  readonly detail?: string | undefined;
  /** What a program should test */
  readonly code:
    | 'cannot_block_self'
    | 'cannot_follow_self'
    | 'deadline_exceeded'
    | 'email_taken'
    | 'expectation_failed'
    | 'follow_limit_reached'
    | 'forbidden'
    | 'handle_taken'
    | 'headers_too_large'
    | 'idempotency_conflict'
    | 'internal'
    | 'invalid_credentials'
    | 'invalid_cursor'
    | 'invalid_request'
    | 'method_not_allowed'
    | 'not_found'
    | 'not_the_author'
    | 'overloaded'
    | 'payload_too_large'
    | 'rate_limited'
    | 'request_timeout'
    | 'too_many_api_keys'
    | 'unauthenticated'
    | 'unavailable'
    | 'unsupported_media_type';
  /** Name it when asking for help */
  readonly requestId: string;
  /** Whether the same call may succeed later */
  readonly retryable: boolean;
  readonly problems?:
    | readonly {
        readonly path: string;
        readonly reason: string;
      }[]
    | undefined;
}
