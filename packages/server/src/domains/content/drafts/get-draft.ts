import { readOperation, requireViewer } from '../../../platform/operation/index.js';
import { draftById } from '../queries/drafts.js';
import { presentDraft } from './present-draft.js';
import { Draft, OneDraftInput } from './schema.js';

/** A draft of the viewer's own. Throws `not_found`, for those of others as well. */
export const getDraft = readOperation({
  name: 'getDraft',
  summary: 'A draft of your own',
  access: 'user',
  input: OneDraftInput,
  output: Draft,
  async run(_deps: object, scope, { draftId }) {
    const { userId } = requireViewer(scope);
    return presentDraft(await scope.db.row(draftById, { draftId, authorId: userId }));
  },
});
