import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../../platform/cursor/index.js';
import { Id } from '../../../platform/ids/index.js';

const closed = { additionalProperties: false } as const;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

const ListName = Type.String({
  minLength: 1,
  maxLength: 100,
  // Something to see, and no control characters.
  pattern: '^(?=[\\s\\S]*\\S)\\P{Cc}*$',
  description: '1 to 100 characters',
});

const ListKind = Type.Union([Type.Literal('named'), Type.Literal('close_friends')], {
  description: '`named`: a list of its owner’s making; `close_friends`: the one list of those closest, always private',
});

const IsPrivate = Type.Boolean({ description: 'Only its owner sees the list' });

export const UserList = Type.Object(
  {
    id: Id,
    ownerId: Id,
    name: Type.String({ maxLength: 100 }),
    kind: ListKind,
    isPrivate: IsPrivate,
    memberCount: Type.Integer({ minimum: 0 }),
    createdAt: DateTime,
    updatedAt: DateTime,
  },
  { ...closed, title: 'UserList', description: 'A list of users' },
);
export type UserList = Static<typeof UserList>;

export const UserListPage = pageOf(UserList);

export const CreateListInput = Type.Object(
  { name: ListName, kind: Type.Optional(ListKind), isPrivate: Type.Optional(IsPrivate) },
  closed,
);

export const UpdateListInput = Type.Object(
  { listId: Id, name: Type.Optional(ListName), isPrivate: Type.Optional(IsPrivate) },
  closed,
);

export const OneListInput = Type.Object({ listId: Id }, closed);
export const ListMemberInput = Type.Object({ listId: Id, userId: Id }, closed);
export const ListMembersInput = Type.Object({ listId: Id, ...pageInput }, closed);

export const Nothing = Type.Null({ description: 'Nothing' });
