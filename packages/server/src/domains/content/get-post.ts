import { readOperation } from '../../platform/operation/index.js';
import { type PipelineDeps, presentPost, viewPost } from './pipeline.js';
import { OnePostInput, Post } from './schema.js';

/** One post. As many queries as `viewPosts` (D19). Throws `not_found` when it is not for this caller. */
export const getPost = readOperation({
  name: 'getPost',
  summary: 'A post',
  access: 'anyone',
  input: OnePostInput,
  output: Post,
  async run(deps: PipelineDeps, scope, { postId }) {
    return presentPost(scope, await viewPost(deps, scope, postId));
  },
});
