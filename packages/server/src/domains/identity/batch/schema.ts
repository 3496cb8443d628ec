import Type, { type Static } from 'typebox';
import { Id } from '../../../platform/ids/index.js';
import { Bio, DisplayName, Handle } from '../schema.js';

const closed = { additionalProperties: false } as const;

/** Rows of one call. */
const MAX_USERS = 500;

const ExternalId = Type.String({
  minLength: 1,
  maxLength: 255,
  // Something to see, and no control characters.
  pattern: '^(?=[\\s\\S]*\\S)\\P{Cc}*$',
  description: 'What your app calls the user; the same as `sub` in the tokens that it signs',
});

/** What a row must be to be taken. */
export const ValidUser = Type.Object(
  {
    externalId: ExternalId,
    handle: Handle,
    displayName: Type.Optional(DisplayName),
    bio: Type.Optional(Bio),
  },
  closed,
);
export type ValidUser = Static<typeof ValidUser>;

/**
 * What a row must be to be looked at. A text that is wrong is the refusal of its row; only what no text can be, and what
 * is longer than any text here may be, is that of the whole request.
 */
const GivenUser = Type.Object(
  {
    externalId: Type.String({ maxLength: 300, description: 'What your app calls the user; 1 to 255 characters' }),
    handle: Type.String({ maxLength: 100, description: 'Letters a to z, digits and _; 3 to 30 of them' }),
    displayName: Type.Optional(
      Type.String({ maxLength: 200, description: 'Absent: the handle at first, and later what it is' }),
    ),
    bio: Type.Optional(Type.String({ maxLength: 1000, description: 'Absent: empty at first, and later what it is' })),
  },
  { ...closed, title: 'GivenUser' },
);

export const UpsertUsersInput = Type.Object(
  { users: Type.Array(GivenUser, { minItems: 1, maxItems: MAX_USERS, description: 'Taken in their order' }) },
  closed,
);

export const UpsertProblem = Type.Object(
  {
    code: Type.Union([
      Type.Literal('invalid'),
      Type.Literal('repeated'),
      Type.Literal('handle_taken'),
      Type.Literal('deleted'),
    ]),
    path: Type.String({ maxLength: 20, description: 'The field at fault' }),
    reason: Type.String({ maxLength: 200 }),
  },
  { ...closed, title: 'UpsertProblem' },
);
export type UpsertProblem = Static<typeof UpsertProblem>;

const UpsertedUser = Type.Object(
  {
    externalId: Type.String({ maxLength: 300 }),
    userId: Type.Union([Id, Type.Null()], { description: 'null when refused' }),
    outcome: Type.Union([
      Type.Literal('created'),
      Type.Literal('updated'),
      Type.Literal('unchanged'),
      Type.Literal('refused'),
    ]),
    problem: Type.Union([UpsertProblem, Type.Null()], { description: 'Why it was refused' }),
  },
  { ...closed, title: 'UpsertedUser' },
);
export type UpsertedUser = Static<typeof UpsertedUser>;

export const UpsertedUsers = Type.Object(
  { items: Type.Array(UpsertedUser, { maxItems: MAX_USERS, description: 'One for each row, in their order' }) },
  { ...closed, title: 'UpsertedUsers' },
);
