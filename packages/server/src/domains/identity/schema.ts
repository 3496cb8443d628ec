import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';

const closed = { additionalProperties: false } as const;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

/** As stored; input may come in capitals. */
export const Handle = Type.String({
  pattern: '^[a-zA-Z0-9_]{3,30}$',
  maxLength: 30,
  description: 'Letters a to z, digits and _; capitals are taken as small letters',
});

export const DisplayName = Type.String({
  minLength: 1,
  maxLength: 100,
  // Something to see, and no control characters.
  pattern: '^(?=[\\s\\S]*\\S)\\P{Cc}*$',
  description: 'The name people read',
});

export const Bio = Type.String({ maxLength: 500, description: 'A few words about oneself' });

/** One `@`, a dotted domain, nothing blank: what more there is to an address only a mail to it can tell. Linear time. */
export const Email = Type.String({
  minLength: 5,
  maxLength: 254,
  pattern: '^\\s*[^\\s@]{1,64}@[^\\s@.]{1,63}(?:\\.[^\\s@.]{1,63})+\\s*$',
  description: 'E-mail address; capitals are taken as small letters',
});

/** Bounds of NIST SP 800-63B, with a ceiling on what is hashed. */
export const Password = Type.String({ minLength: 8, maxLength: 128, description: '8 to 128 characters' });

export const Role = Type.Union([Type.Literal('owner'), Type.Literal('moderator'), Type.Literal('member')], {
  description: 'What the user may do here: each may all that those after it may',
});

/** The public profile, the same wherever a user shows. */
export const User = Type.Object(
  {
    id: Id,
    handle: Type.String({ maxLength: 30 }),
    displayName: Type.String({ maxLength: 100 }),
    bio: Type.String({ maxLength: 500 }),
    role: Role,
    isPrivate: Type.Boolean({ description: 'Following takes consent, and posts are for followers only' }),
    createdAt: DateTime,
  },
  { ...closed, title: 'User', description: 'A user' },
);
export type User = Static<typeof User>;

export const ProfileCounts = Type.Object(
  { followers: Type.Integer({ minimum: 0 }), following: Type.Integer({ minimum: 0 }) },
  { ...closed, description: 'How many follow the user, and how many the user follows' },
);
export type ProfileCounts = Static<typeof ProfileCounts>;

export const ProfileViewer = Type.Object(
  {
    following: Type.Boolean(),
    followedBy: Type.Boolean(),
    requested: Type.Boolean(),
    requestedBy: Type.Boolean(),
    blocking: Type.Boolean(),
    muting: Type.Boolean(),
    mutedUntil: Type.Union([DateTime, Type.Null()]),
  },
  { ...closed, description: 'What is between the caller and the user' },
);
export type ProfileViewer = Static<typeof ProfileViewer>;

export const UserProfile = Type.Object(
  { ...User.properties, counts: ProfileCounts, viewer: Type.Union([ProfileViewer, Type.Null()]) },
  {
    ...closed,
    title: 'UserProfile',
    description: 'A user as seen by the caller; `viewer` is null without a session and for oneself',
  },
);

export const Me = Type.Object(
  {
    ...User.properties,
    email: Type.Union([Type.String({ maxLength: 254 }), Type.Null()], { description: 'Shown to nobody else' }),
    emailVerified: Type.Boolean({ description: 'Whether a mail to `email` was answered' }),
    pendingEmail: Type.Union([Type.String({ maxLength: 254 }), Type.Null()], {
      description: 'The address that takes the place of `email` when a mail to it is answered',
    }),
  },
  { ...closed, title: 'Me', description: 'The signed-in user' },
);

export const SignUpInput = Type.Object(
  {
    handle: Handle,
    displayName: Type.Optional(DisplayName),
    email: Email,
    password: Password,
  },
  closed,
);

export const SignInInput = Type.Object(
  {
    login: Type.String({ minLength: 1, maxLength: 254, description: 'E-mail address or handle' }),
    // No lower bound: a password that is too short is a wrong one.
    password: Type.String({ maxLength: 128 }),
  },
  closed,
);

export const SignedIn = Type.Object(
  {
    user: User,
    token: Type.Union([Type.String({ maxLength: 60 }), Type.Null()], {
      description: 'Bearer token of the session; null when an Idempotency-Key repeats the answer',
    }),
    expiresAt: DateTime,
  },
  { ...closed, title: 'SignedIn' },
);

const Session = Type.Object(
  {
    id: Id,
    userAgent: Type.String({ maxLength: 200 }),
    device: Type.String({ maxLength: 60, description: 'What the user agent says, in a few words' }),
    address: Type.String({
      maxLength: 60,
      description: 'The network it was begun from (an IPv4 /24 or an IPv6 /48), empty when not known',
    }),
    createdAt: DateTime,
    lastUsedAt: Type.String({ maxLength: 27, description: 'To within about ten minutes' }),
    expiresAt: DateTime,
    current: Type.Boolean({ description: 'The session of this very call' }),
  },
  { ...closed, title: 'Session', description: 'A place where the user is signed in' },
);

export const Nothing = Type.Null({ description: 'Nothing' });

export const NoInput = Type.Object({}, closed);
export const ListSessionsInput = Type.Object(pageInput, closed);
export const SessionPage = pageOf(Session);
export const RevokeSessionInput = Type.Object({ sessionId: Id }, closed);
export const UpdateProfileInput = Type.Object(
  { displayName: Type.Optional(DisplayName), bio: Type.Optional(Bio) },
  closed,
);
export const GetUserInput = Type.Object({ userId: Id }, closed);
export const GetUserByHandleInput = Type.Object({ handle: Handle }, closed);
