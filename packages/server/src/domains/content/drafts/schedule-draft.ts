import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { scheduleDraft as scheduleDraftRow } from '../queries/drafts.js';
import { presentDraft } from './present-draft.js';
import { publicationTime } from './publication-time.js';
import { Draft, ScheduleDraftInput } from './schema.js';

/** Has a draft published at a time, or at another than before. Throws `not_found`. */
export const scheduleDraft = writeOperation({
  name: 'scheduleDraft',
  summary: 'Schedule a draft, or put it off',
  access: 'user',
  input: ScheduleDraftInput,
  output: Draft,
  async run(_deps: object, scope, { draftId, publishAt }) {
    const { userId } = requireViewer(scope);
    const time = publicationTime(publishAt);
    return presentDraft(await scope.db.row(scheduleDraftRow, { draftId, authorId: userId, publishAt: time }));
  },
});
