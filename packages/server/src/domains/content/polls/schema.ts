import Type, { type Static } from 'typebox';
import { Id } from '../../../platform/ids/index.js';
import { distinct } from '../distinct.js';
import { MAX_POLL_OPTIONS, MAX_POLL_SECONDS, MIN_POLL_SECONDS } from '../limits.js';

const closed = { additionalProperties: false } as const;

const OptionText = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });

export const NewPoll = Type.Object(
  {
    options: distinct(Type.Array(OptionText, { minItems: 2, maxItems: MAX_POLL_OPTIONS })),
    multiple: Type.Optional(Type.Boolean({ description: 'Whether one may choose several options; default: one' })),
    hidesResults: Type.Optional(
      Type.Boolean({ description: 'Whether others see results only once they have voted or the poll is closed' }),
    ),
    durationSeconds: Type.Integer({
      minimum: MIN_POLL_SECONDS,
      maximum: MAX_POLL_SECONDS,
      description: 'From the publication of the post',
    }),
  },
  { ...closed, title: 'NewPoll' },
);
export type NewPoll = Static<typeof NewPoll>;

export const Poll = Type.Object(
  {
    options: Type.Array(
      Type.Object(
        {
          text: Type.String(),
          votes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'null while hidden' }),
        },
        closed,
      ),
    ),
    multiple: Type.Boolean(),
    hidesResults: Type.Boolean(),
    voters: Type.Integer({ minimum: 0, description: 'Those who have voted' }),
    closesAt: Type.String({ maxLength: 27, description: 'RFC 3339' }),
    closed: Type.Boolean(),
    votedFor: Type.Union([Type.Array(Type.Integer({ minimum: 0 })), Type.Null()], {
      description: 'The options that the caller has chosen, from 0; null without a session',
    }),
  },
  { ...closed, title: 'Poll' },
);
export type Poll = Static<typeof Poll>;

export const VoteInput = Type.Object(
  {
    postId: Id,
    options: distinct(
      Type.Array(Type.Integer({ minimum: 0, maximum: MAX_POLL_OPTIONS - 1 }), {
        minItems: 1,
        maxItems: MAX_POLL_OPTIONS,
        description: 'From 0',
      }),
    ),
  },
  closed,
);
