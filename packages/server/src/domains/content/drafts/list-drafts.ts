import { type Cursors, readPage } from '../../../platform/cursor/index.js';
import { readOperation, requireViewer } from '../../../platform/operation/index.js';
import { draftsList } from '../positions.js';
import { draftsOfAuthor } from '../queries/drafts.js';
import { presentDraft } from './present-draft.js';
import { DraftListInput, DraftPage } from './schema.js';

/** The viewer's drafts, newest first, or those that are scheduled, or are not. One query. */
export const listDrafts = readOperation({
  name: 'listDrafts',
  summary: 'Your drafts and scheduled posts, newest first',
  access: 'user',
  input: DraftListInput,
  output: DraftPage,
  async run({ cursors }: { readonly cursors: Cursors }, scope, { scheduled = null, limit, cursor }) {
    const { userId } = requireViewer(scope);
    const page = await readPage(cursors, {
      list: draftsList(scope.tenant.id, userId, scheduled),
      limit,
      cursor,
      fetch: ({ key, id }, count) =>
        scope.db.rows(draftsOfAuthor, { authorId: userId, scheduled, beforeAt: key, beforeId: id, limit: count }),
      positionOf: ({ createdAt, id }) => ({ key: createdAt, id }),
    });
    return { items: page.items.map(presentDraft), nextCursor: page.nextCursor };
  },
});
