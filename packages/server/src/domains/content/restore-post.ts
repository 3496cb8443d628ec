import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { contentErrors } from './errors.js';
import { postRestored } from './events.js';
import { type PipelineDeps, presentPost, viewPost } from './pipeline.js';
import { restorePost as restorePostRow } from './queries/own-posts.js';
import { OnePostInput, Post } from './schema.js';

/**
 * Brings back a post that the viewer has deleted within the retention, to where it stood, with its likes; one that is
 * not deleted stays as it is. Errors: `not_found`, also when the retention is over; `not_the_author` for another's post.
 */
export const restorePost = writeOperation({
  name: 'restorePost',
  summary: 'Restore a post that you have deleted',
  access: 'user',
  input: OnePostInput,
  output: Post,
  async run(deps: PipelineDeps, scope, { postId }) {
    const { userId } = requireViewer(scope);
    const restored = await scope.db.run(restorePostRow, { postId, authorId: userId });
    const post = await viewPost(deps, scope, postId);
    if (post.stored.authorId !== userId) throw contentErrors.not_the_author();
    if (restored > 0) scope.db.emit(postRestored(postId, userId));
    return presentPost(scope, post);
  },
});
