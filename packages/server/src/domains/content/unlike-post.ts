import { writeOperation } from '../../platform/operation/index.js';
import { changeLike } from './change-like.js';
import type { PipelineDeps } from './pipeline.js';
import { LikeState, OnePostInput } from './schema.js';

/** Takes a like back; doing it again changes nothing. Throws `not_found` for posts the viewer cannot see. */
export const unlikePost = writeOperation({
  name: 'unlikePost',
  summary: 'Take back the like of a post',
  access: 'user',
  input: OnePostInput,
  output: LikeState,
  async run(deps: PipelineDeps, scope, { postId }) {
    return await changeLike(deps, scope, postId, false);
  },
});
