import { newId } from '../../../platform/ids/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { contentErrors } from '../errors.js';
import { MAX_DRAFTS } from '../limits.js';
import { ownMedia } from '../media/own-media.js';
import { insertDraft } from '../queries/drafts.js';
import { presentDraft } from './present-draft.js';
import { publicationTime } from './publication-time.js';
import { CreateDraftInput, Draft } from './schema.js';

/**
 * Keeps a post that nobody but its author sees, scheduled or not. What its body links to is found when it is published.
 * Throws `too_many_drafts`.
 */
export const createDraft = writeOperation({
  name: 'createDraft',
  summary: 'Keep a draft, or schedule a post',
  access: 'user',
  input: CreateDraftInput,
  output: Draft,
  async run(
    _deps: object,
    scope,
    {
      body,
      visibility = 'public',
      language = null,
      replyPolicy = 'everyone',
      custom = {},
      mediaIds = [],
      poll,
      publishAt,
    },
  ) {
    const { userId } = requireViewer(scope);
    await ownMedia(scope, userId, mediaIds);
    const draft = await scope.db.row(insertDraft, {
      id: newId(),
      authorId: userId,
      body,
      visibility,
      language,
      replyPolicy,
      custom: JSON.stringify(custom),
      mediaIds,
      poll: poll === undefined ? null : JSON.stringify(poll),
      publishAt: publishAt === undefined ? null : publicationTime(publishAt),
      max: MAX_DRAFTS,
    });
    if (draft === undefined) throw contentErrors.too_many_drafts({ detail: `${MAX_DRAFTS} are allowed` });
    return presentDraft(draft);
  },
});
