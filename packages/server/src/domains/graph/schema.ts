import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';
import { User } from '../identity/index.js';

const closed = { additionalProperties: false } as const;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

/** How the viewer and another user stand to one another. */
export const Relation = Type.Object(
  {
    following: Type.Boolean({ description: 'The viewer follows the user' }),
    followedBy: Type.Boolean({ description: 'The user follows the viewer' }),
    requested: Type.Boolean({ description: 'The viewer asks to follow the user' }),
    requestedBy: Type.Boolean({ description: 'The user asks to follow the viewer' }),
    blocking: Type.Boolean({ description: 'The viewer blocks the user' }),
    muting: Type.Boolean({ description: 'The viewer mutes the user' }),
    mutedUntil: Type.Union([DateTime, Type.Null()], { description: 'null without a mute, and for one without an end' }),
  },
  { ...closed, title: 'Relation' },
);
export type Relation = Static<typeof Relation>;

export const UserCounts = Type.Object(
  {
    followers: Type.Integer({ minimum: 0, description: 'Users who follow the user' }),
    following: Type.Integer({ minimum: 0, description: 'Users whom the user follows' }),
  },
  closed,
);
export type UserCounts = Static<typeof UserCounts>;

export const OneUserInput = Type.Object({ userId: Id }, closed);

export const UserListInput = Type.Object({ userId: Id, ...pageInput }, closed);

export const OwnListInput = Type.Object(pageInput, closed);

/** 5 minutes to a year. */
export const MuteInput = Type.Object(
  {
    userId: Id,
    durationSeconds: Type.Optional(
      Type.Integer({ minimum: 300, maximum: 31_536_000, description: 'Until the mute is ended when left out' }),
    ),
  },
  closed,
);

export const Privacy = Type.Object(
  { isPrivate: Type.Boolean({ description: 'Following takes consent, and posts are for followers only' }) },
  { ...closed, title: 'Privacy' },
);

/** A user in a list, and how the viewer stands to them. */
export const ListedUser = Type.Object(
  {
    ...User.properties,
    viewer: Type.Union([Relation, Type.Null()], { description: 'null without a session and for oneself' }),
  },
  { ...closed, title: 'ListedUser' },
);
export type ListedUser = Static<typeof ListedUser>;

export const UserPage = pageOf(ListedUser);

export const CountedUserPage = Type.Object(
  { ...UserPage.properties, count: Type.Integer({ minimum: 0, description: 'Of all pages together' }) },
  closed,
);
