import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { ownMedia } from '../media/own-media.js';
import { updateDraft as updateDraftRow } from '../queries/drafts.js';
import { presentDraft } from './present-draft.js';
import { Draft, UpdateDraftInput } from './schema.js';

/** Changes a draft of the viewer's own; when it is published is said by `scheduleDraft`. Throws `not_found`. */
export const updateDraft = writeOperation({
  name: 'updateDraft',
  summary: 'Change a draft',
  access: 'user',
  input: UpdateDraftInput,
  output: Draft,
  async run(
    _deps: object,
    scope,
    { draftId, body = null, visibility = null, language = null, replyPolicy = null, custom, mediaIds = null, poll },
  ) {
    const { userId } = requireViewer(scope);
    const changes = { body, visibility, language, replyPolicy };
    await ownMedia(scope, userId, mediaIds ?? []);
    const draft = await scope.db.row(updateDraftRow, {
      draftId,
      authorId: userId,
      ...changes,
      custom: custom === undefined ? null : JSON.stringify(custom),
      mediaIds,
      poll: poll === undefined ? null : JSON.stringify(poll),
    });
    return presentDraft(draft);
  },
});
