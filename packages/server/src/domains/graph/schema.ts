import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';
import { User } from '../identity/index.js';

const closed = { additionalProperties: false } as const;

/** How the viewer and another user stand to one another. */
export const Relation = Type.Object(
  {
    following: Type.Boolean({ description: 'The viewer follows the user' }),
    followedBy: Type.Boolean({ description: 'The user follows the viewer' }),
    blocking: Type.Boolean({ description: 'The viewer blocks the user' }),
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

export const UserPage = pageOf(User);
