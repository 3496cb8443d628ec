import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { scheduleDraft } from '../queries/drafts.js';
import { presentDraft } from './present-draft.js';
import { Draft, OneDraftInput } from './schema.js';

/** Takes a draft off the schedule and keeps it. Throws `not_found`, also for one that is published by now. */
export const unscheduleDraft = writeOperation({
  name: 'unscheduleDraft',
  summary: 'Keep a scheduled draft from being published',
  access: 'user',
  input: OneDraftInput,
  output: Draft,
  async run(_deps: object, scope, { draftId }) {
    const { userId } = requireViewer(scope);
    return presentDraft(await scope.db.row(scheduleDraft, { draftId, authorId: userId, publishAt: null }));
  },
});
