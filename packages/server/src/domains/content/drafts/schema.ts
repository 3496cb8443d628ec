import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../../platform/cursor/index.js';
import { Id } from '../../../platform/ids/index.js';
import { Custom } from '../custom.js';
import { MAX_BODY } from '../limits.js';
import { NewPoll } from '../polls/schema.js';
import { attachments, Body, DateTime, postSettings, ReplyPolicy, Visibility } from '../schema.js';

const closed = { additionalProperties: false } as const;

export const Draft = Type.Object(
  {
    id: Id,
    body: Type.String({ maxLength: MAX_BODY }),
    language: Type.Union([Type.String(), Type.Null()]),
    visibility: Visibility,
    replyPolicy: ReplyPolicy,
    custom: Custom,
    mediaIds: Type.Array(Id),
    poll: Type.Union([NewPoll, Type.Null()]),
    publishAt: Type.Union([DateTime, Type.Null()], { description: 'null for a draft that is not scheduled' }),
    createdAt: DateTime,
    updatedAt: DateTime,
  },
  { ...closed, title: 'Draft', description: 'A post that is not published; its post will have the same id' },
);
export type Draft = Static<typeof Draft>;
export const DraftPage = pageOf(Draft);

const PublishAt = Type.Refine(
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})$',
    maxLength: 32,
    description: 'RFC 3339, in the future and within a year',
  }),
  isInstant,
  () => 'must be an instant that there is',
);

/** `Date.parse` takes the 30th of February for a day in March. */
function isInstant(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

export const CreateDraftInput = Type.Object(
  { body: Body, ...postSettings, ...attachments, publishAt: Type.Optional(PublishAt) },
  closed,
);
export const UpdateDraftInput = Type.Object(
  { draftId: Id, body: Type.Optional(Body), ...postSettings, ...attachments },
  closed,
);
export const OneDraftInput = Type.Object({ draftId: Id }, closed);
export const ScheduleDraftInput = Type.Object({ draftId: Id, publishAt: PublishAt }, closed);
export const DraftListInput = Type.Object(
  {
    scheduled: Type.Optional(Type.Boolean({ description: 'Only those that are, or are not; both by default' })),
    ...pageInput,
  },
  closed,
);
