import { writeOperation } from '../../platform/operation/index.js';
import { changeLike } from './change-like.js';
import type { PipelineDeps } from './pipeline.js';
import { LikeState, OnePostInput } from './schema.js';

/** Likes a post; doing it again changes nothing. Throws `not_found` for posts the viewer cannot see. */
export const likePost = writeOperation({
  name: 'likePost',
  summary: 'Like a post',
  access: 'user',
  input: OnePostInput,
  output: LikeState,
  async run(deps: PipelineDeps, scope, { postId }) {
    return await changeLike(deps, scope, postId, true);
  },
});
