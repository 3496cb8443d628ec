import type { ValuesOf } from '../../../platform/db/index.js';
import { platformErrors } from '../../../platform/errors/index.js';
import type { Custom } from '../custom.js';
import type { NewPoll } from '../polls/schema.js';
import type { draftById } from '../queries/drafts.js';
import type { ReplyPolicy, Visibility } from '../schema.js';
import type { Draft } from './schema.js';

export type DraftRow = ValuesOf<(typeof draftById)['row']>;

/** A draft as it is answered; throws `not_found` where there is none, or it is another's. */
export function presentDraft(row: DraftRow | undefined): Draft {
  if (row === undefined) throw platformErrors.not_found({ detail: 'there is no such draft' });
  return {
    ...row,
    // The checks of the table admit nothing else.
    visibility: row.visibility as Visibility,
    replyPolicy: row.replyPolicy as ReplyPolicy,
    custom: row.custom as Custom,
    mediaIds: [...row.mediaIds],
    poll: row.poll as NewPoll | null,
  };
}
