// Written by `npm run generate` from generated/openapi.json.

/** An API key, without the key itself */
export interface ApiKey {
  /** UUID, in lower case */
  readonly id: string;
  /** `publishable` may be in apps and says which tenant is meant; `secret` is for your own backend only */
  readonly kind: 'publishable' | 'secret';
  /** For people; may be empty */
  readonly name: string;
  /** What a secret key is limited to; null: it may do all, also what later versions add */
  readonly scopes:
    | readonly (
        | 'tenant:read'
        | 'tenant:write'
        | 'keys:read'
        | 'keys:write'
        | 'users:read'
        | 'users:write'
        | 'content:read'
        | 'content:write'
      )[]
    | null;
  /** How the key begins */
  readonly hint: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** When it ends by itself; null: never */
  readonly expiresAt: string | null;
  /** To about a minute; null: not yet */
  readonly lastUsedAt: string | null;
  /** The key that takes over from this one */
  readonly replacedBy: string | null;
  readonly revokedAt: string | null;
}

export interface CreatedTokenKey {
  readonly tokenKey: TokenKey;
  /** Of HS256, shown this once; null when an Idempotency-Key repeats the answer */
  readonly secret: string | null;
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

export interface ExportedItem {
  /** What it is: profile, sessions, following, posts, likes ... */
  readonly section: string;
  /** As it is held; its fields differ by section */
  readonly data: { readonly [key: string]: unknown };
}

/** Why a post is in the feed */
export interface FeedExplanation {
  /** UUID, in lower case */
  readonly postId: string;
  /** Yours, by somebody whom you followed, popular in the community, or with the hashtag */
  readonly source: 'own' | 'followee' | 'popular' | 'hashtag';
  /** Sum of the parts; null in order of time */
  readonly score: number | null;
  readonly parts: ScoreParts | null;
}

export interface GivenUser {
  /** What your app calls the user; 1 to 255 characters */
  readonly externalId: string;
  /** Letters a to z, digits and _; 3 to 30 of them */
  readonly handle: string;
  /** Absent: the handle at first, and later what it is */
  readonly displayName?: string | undefined;
  /** Absent: empty at first, and later what it is */
  readonly bio?: string | undefined;
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
  /** What the user may do here: each may all that those after it may */
  readonly role: 'owner' | 'moderator' | 'member';
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
  /** What the user may do here: each may all that those after it may */
  readonly role: 'owner' | 'moderator' | 'member';
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** Shown to nobody else */
  readonly email: string | null;
  /** Whether a mail to `email` was answered */
  readonly emailVerified: boolean;
  /** The address that takes the place of `email` when a mail to it is answered */
  readonly pendingEmail: string | null;
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

export interface NewPosts {
  /** By others, since the first page */
  readonly posts: number;
  /** Whether there are more than 99 */
  readonly more: boolean;
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

export interface RevokedTokens {
  /** RFC 3339 in UTC, with microseconds */
  readonly validFrom: string;
}

/** One line of the record of roles, which is only ever added to */
export interface RoleChange {
  /** UUID, in lower case */
  readonly id: string;
  /** UUID, in lower case */
  readonly userId: string;
  /** What the user may do here: each may all that those after it may */
  readonly oldRole: 'owner' | 'moderator' | 'member';
  /** What the user may do here: each may all that those after it may */
  readonly newRole: 'owner' | 'moderator' | 'member';
  /** The owner who did it */
  readonly changedByUserId: string | null;
  /** The secret key with which it was done */
  readonly changedByKeyId: string | null;
  /** RFC 3339 in UTC, with microseconds */
  readonly changedAt: string;
}

/** Of the moment when the first page was read */
export interface ScoreParts {
  /** Minus 1 for each half-life of 12 hours of age */
  readonly recency: number;
  /** Half of log2(likes + 1) */
  readonly likes: number;
  /** 3 for those whom you follow and for yourself */
  readonly follow: number;
  /** Minus a half for each better post by the same author */
  readonly diversity: number;
}

/** A place where the user is signed in */
export interface Session {
  /** UUID, in lower case */
  readonly id: string;
  readonly userAgent: string;
  /** What the user agent says, in a few words */
  readonly device: string;
  /** The network it was begun from (an IPv4 /24 or an IPv6 /48), empty when not known */
  readonly address: string;
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  /** To within about ten minutes */
  readonly lastUsedAt: string;
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

/** Your app */
export interface Tenant {
  /** UUID, in lower case */
  readonly id: string;
  readonly name: string;
  readonly plan: 'free' | 'pro' | 'enterprise';
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  readonly settings: TenantSettings;
}

/** What is set for the tenant, defaults included */
export interface TenantSettings {
  readonly identity: {
    /** Whether anybody may make an account */
    readonly signUpOpen: boolean;
  };
  readonly quotas: {
    /** Requests per minute of the whole tenant; null: as the plan says */
    readonly tenantRatePerMinute: number | null;
    /** Requests per minute of each caller; null: as the plan says */
    readonly callerRatePerMinute: number | null;
    /** Requests under way of the whole tenant; null: as the plan says */
    readonly tenantConcurrency: number | null;
    /** Requests under way of each caller; null: as the plan says */
    readonly callerConcurrency: number | null;
  };
}

/** A key that tokens are checked with, without the key itself; tokens name its id in `kid` */
export interface TokenKey {
  /** UUID, in lower case */
  readonly id: string;
  /** `HS256`: a secret that Nova makes; `EdDSA`: an Ed25519 key of your own, of which Nova has the public half */
  readonly algorithm: 'HS256' | 'EdDSA';
  /** RFC 3339 in UTC, with microseconds */
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface TokenSettings {
  /** What `aud` of every token must hold; null: tokens have none */
  readonly audience: string | null;
  /** Whether a token may be the first that Nova hears of a user */
  readonly createUsers: boolean;
  /** Tokens that were issued earlier are dead */
  readonly validFrom: string | null;
}

export interface UpsertProblem {
  readonly code: 'invalid' | 'repeated' | 'handle_taken' | 'deleted';
  /** The field at fault */
  readonly path: string;
  readonly reason: string;
}

export interface UpsertedUser {
  readonly externalId: string;
  /** null when refused */
  readonly userId: string | null;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'refused';
  /** Why it was refused */
  readonly problem: UpsertProblem | null;
}

export interface UpsertedUsers {
  /** One for each row, in their order */
  readonly items: readonly UpsertedUser[];
}

export interface Usage {
  readonly items: readonly UsageOfDay[];
}

export interface UsageOfDay {
  /** A UTC day, YYYY-MM-DD */
  readonly day: string;
  readonly requests: number;
  readonly rejectedRequests: number;
  readonly activeUsers: number;
  readonly usersCreated: number;
  readonly postsCreated: number;
}

/** A user */
export interface User {
  /** UUID, in lower case */
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** What the user may do here: each may all that those after it may */
  readonly role: 'owner' | 'moderator' | 'member';
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
  /** What the user may do here: each may all that those after it may */
  readonly role: 'owner' | 'moderator' | 'member';
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

export interface UserRole {
  /** UUID, in lower case */
  readonly userId: string;
  /** What the user may do here: each may all that those after it may */
  readonly role: 'owner' | 'moderator' | 'member';
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
    | 'api_key_ended'
    | 'api_key_rotated'
    | 'cannot_block_self'
    | 'cannot_follow_self'
    | 'cannot_mute_self'
    | 'close_friends_are_private'
    | 'close_friends_exist'
    | 'concurrency_limited'
    | 'cursor_expired'
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
    | 'last_owner'
    | 'link_invalid'
    | 'list_full'
    | 'list_limit_reached'
    | 'method_not_allowed'
    | 'missing_scope'
    | 'not_found'
    | 'not_the_author'
    | 'overloaded'
    | 'payload_too_large'
    | 'poll_closed'
    | 'post_changed'
    | 'rate_limited'
    | 'request_timeout'
    | 'role_required'
    | 'sign_up_closed'
    | 'tenant_closed'
    | 'token_algorithm_refused'
    | 'token_audience_refused'
    | 'token_expired'
    | 'token_key_unknown'
    | 'token_lifetime_exceeded'
    | 'token_malformed'
    | 'token_not_yet_valid'
    | 'token_revoked'
    | 'token_signature_invalid'
    | 'token_user_unknown'
    | 'too_many_api_keys'
    | 'too_many_drafts'
    | 'too_many_token_keys'
    | 'too_many_versions'
    | 'unauthenticated'
    | 'unavailable'
    | 'unsupported_media_type'
    | 'wrong_password';
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
