import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { takeDraft } from '../queries/drafts.js';
import { Nothing } from '../schema.js';
import { presentDraft } from './present-draft.js';
import { OneDraftInput } from './schema.js';

/** Deletes a draft of the viewer's own, for good: nobody else has seen it. Throws `not_found`. */
export const deleteDraft = writeOperation({
  name: 'deleteDraft',
  summary: 'Delete a draft',
  access: 'user',
  input: OneDraftInput,
  output: Nothing,
  async run(_deps: object, scope, { draftId }) {
    const { userId } = requireViewer(scope);
    presentDraft(await scope.db.row(takeDraft, { draftId, authorId: userId }));
    return null;
  },
});
