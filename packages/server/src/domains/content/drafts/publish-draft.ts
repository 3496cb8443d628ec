import { requireViewer, type WriteScope, writeOperation } from '../../../platform/operation/index.js';
import { takeDraft } from '../queries/drafts.js';
import { Post } from '../schema.js';
import { type WritePostDeps, writePost } from '../write-post.js';
import { type DraftRow, presentDraft } from './present-draft.js';
import { OneDraftInput } from './schema.js';

/** Publishes a draft of the viewer's own now, scheduled or not. Throws `not_found`, also for one that is published. */
export const publishDraft = writeOperation({
  name: 'publishDraft',
  summary: 'Publish a draft now',
  access: 'user',
  input: OneDraftInput,
  output: Post,
  async run(deps: WritePostDeps, scope, { draftId }) {
    const { userId } = requireViewer(scope);
    return await publishTaken(deps, scope, await scope.db.row(takeDraft, { draftId, authorId: userId }));
  },
});

/** The draft has been deleted in this transaction: its post is written in it, once. */
export async function publishTaken(deps: WritePostDeps, scope: WriteScope, draft: DraftRow | undefined): Promise<Post> {
  const { id, body, language, visibility, replyPolicy, custom, mediaIds, poll } = presentDraft(draft);
  return await writePost(deps, scope, { id, body, language, visibility, replyPolicy, custom, mediaIds, poll });
}
