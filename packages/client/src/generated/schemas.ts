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

export interface DeletedPost {
  readonly post: Post;
  /** RFC 3339 in UTC, with microseconds */
  readonly deletedAt: string;
  /** RFC 3339; it is purged afterwards */
  readonly restorableUntil: string;
}

/** A post that is not published; its post will have the same id */
export interface Draft {
  /** UUID, in lower case */
  readonly id: string;
  readonly body: string;
  readonly language: string | null;
  /** `public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author */
  readonly visibility: 'public' | 'followers' | 'close_friends' | 'private';
  /** Who may reply, of those who see the post; its author always may */
  readonly replyPolicy: 'everyone' | 'followers' | 'mentioned' | 'nobody';
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom: { readonly [key: string]: unknown };
  readonly mediaIds: readonly string[];
  readonly poll: NewPoll | null;
  /** null for a draft that is not scheduled */
  readonly publishAt: string | null;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly updatedAt: string;
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

/** What a page says of itself: show it as text, never as markup */
export interface LinkPreview {
  /** The first link of the post */
  readonly url: string;
  readonly title: string;
  readonly description: string | null;
  readonly imageUrl: string | null;
  readonly siteName: string | null;
}

export interface LinkPreviewSettings {
  /** Whether links of posts are fetched and previews shown */
  readonly enabled: boolean;
}

export interface ListedUser {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** null without a session and for oneself */
  readonly viewer: Relation | null;
}

/** The signed-in user */
export interface Me {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** Shown to nobody else */
  readonly email: string | null;
}

/** A picture, video, sound or file that is kept elsewhere */
export interface Media {
  /** UUID, in lower case */
  readonly id: string;
  /** UUID, in lower case */
  readonly ownerId: string;
  readonly kind: 'image' | 'video' | 'audio' | 'file';
  readonly alt: string;
  readonly blurhash: string | null;
  /** By name */
  readonly variants: readonly MediaVariant[];
}

export interface MediaVariant {
  readonly name: string;
  readonly url: string;
  readonly contentType: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
}

export interface NewMediaVariant {
  /** `thumbnail`, `medium`, `original` ... */
  readonly name: string;
  readonly url: string;
  readonly contentType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly bytes?: number | undefined;
}

export interface NewPoll {
  readonly options: readonly string[];
  /** Whether one may choose several options; default: one */
  readonly multiple?: boolean | undefined;
  /** Whether others see results only once they have voted or the poll is closed */
  readonly hidesResults?: boolean | undefined;
  /** From the publication of the post */
  readonly durationSeconds: number;
}

export interface Poll {
  readonly options: readonly {
    readonly text: string;
    /** null while hidden */
    readonly votes: number | null;
  }[];
  readonly multiple: boolean;
  readonly hidesResults: boolean;
  /** Those who have voted */
  readonly voters: number;
  /** RFC 3339 */
  readonly closesAt: string;
  readonly closed: boolean;
  /** The options that the caller has chosen, from 0; null without a session */
  readonly votedFor: readonly number[] | null;
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
  /** `public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author */
  readonly visibility: 'public' | 'followers' | 'close_friends' | 'private';
  /** Normalised (NFKC, small letters), in order of appearance */
  readonly hashtags: readonly string[];
  readonly mentionedUserIds: readonly string[];
  /** In order; `start` and `end` count UTF-16 code units of `body`, as strings of JavaScript, Java, Kotlin, C# and Dart do */
  readonly entities: readonly PostEntity[];
  /** Who may reply, of those who see the post; its author always may */
  readonly replyPolicy: 'everyone' | 'followers' | 'mentioned' | 'nobody';
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom: { readonly [key: string]: unknown };
  /** One more with each edit of body, language or custom */
  readonly version: number;
  /** When this version was written; null for the first */
  readonly editedAt: string | null;
  readonly media: readonly Media[];
  readonly poll: Poll | null;
  /** Of the first link, once it has been fetched */
  readonly linkPreview: LinkPreview | null;
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

/** What a part of the body stands for */
export interface PostEntity {
  readonly type: 'hashtag' | 'mention';
  readonly start: number;
  /** Exclusive */
  readonly end: number;
  /** Normalised; null for a mention */
  readonly hashtag: string | null;
  /** null for a hashtag */
  readonly userId: string | null;
}

/** What a post has said from one edit to the next */
export interface PostVersion {
  readonly version: number;
  readonly body: string;
  readonly language: string | null;
  /** In order; `start` and `end` count UTF-16 code units of `body`, as strings of JavaScript, Java, Kotlin, C# and Dart do */
  readonly entities: readonly PostEntity[];
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom: { readonly [key: string]: unknown };
  /** RFC 3339 in UTC, with microseconds */
  readonly writtenAt: string;
}

export interface Privacy {
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
}

export interface Relation {
  /** The viewer follows the user */
  readonly following: boolean;
  /** The user follows the viewer */
  readonly followedBy: boolean;
  /** The viewer asks to follow the user */
  readonly requested: boolean;
  /** The user asks to follow the viewer */
  readonly requestedBy: boolean;
  /** The viewer blocks the user */
  readonly blocking: boolean;
  /** The viewer mutes the user */
  readonly muting: boolean;
  /** null without a mute, and for one without an end */
  readonly mutedUntil: string | null;
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
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
}

/** A list of users */
export interface UserList {
  /** UUID, in lower case */
  readonly id: string;
  /** UUID, in lower case */
  readonly ownerId: string;
  readonly name: string;
  /** `named`: a list of its owner’s making; `close_friends`: the one list of those closest, always private */
  readonly kind: 'named' | 'close_friends';
  /** Only its owner sees the list */
  readonly isPrivate: boolean;
  readonly memberCount: number;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly updatedAt: string;
}

/** A user as seen by the caller; `viewer` is null without a session and for oneself */
export interface UserProfile {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
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
    readonly requested: boolean;
    readonly requestedBy: boolean;
    readonly blocking: boolean;
    readonly muting: boolean;
    readonly mutedUntil: string | null;
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
    | 'already_voted'
    | 'cannot_block_self'
    | 'cannot_follow_self'
    | 'cannot_mute_self'
    | 'close_friends_are_private'
    | 'close_friends_exist'
    | 'deadline_exceeded'
    | 'edit_window_over'
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
    | 'list_full'
    | 'list_limit_reached'
    | 'method_not_allowed'
    | 'not_found'
    | 'not_the_author'
    | 'overloaded'
    | 'payload_too_large'
    | 'poll_closed'
    | 'post_changed'
    | 'rate_limited'
    | 'request_timeout'
    | 'too_many_api_keys'
    | 'too_many_drafts'
    | 'too_many_versions'
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
