import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { contentErrors } from './errors.js';
import { postDeleted } from './events.js';
import { type PipelineDeps, viewPost } from './pipeline.js';
import { deletePost as deletePostRow } from './queries/posts.js';
import { Nothing, OnePostInput } from './schema.js';

/**
 * Deletes a post of the viewer's own: nobody sees it from now on, and it is purged after the retention. Errors:
 * `not_found`, also for one that is deleted already; `not_the_author` for another's post that the viewer can see.
 */
export const deletePost = writeOperation({
  name: 'deletePost',
  summary: 'Delete a post of your own',
  access: 'user',
  input: OnePostInput,
  output: Nothing,
  async run(deps: PipelineDeps, scope, { postId }) {
    const { userId } = requireViewer(scope);
    const deleted = await scope.db.run(deletePostRow, { postId, authorId: userId });
    if (deleted === 0) {
      await viewPost(deps, scope, postId);
      throw contentErrors.not_the_author();
    }
    scope.db.emit(postDeleted(postId, userId));
    return null;
  },
});
