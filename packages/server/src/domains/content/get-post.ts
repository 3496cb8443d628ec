import { readOperation } from '../../platform/operation/index.js';
import { type PipelineDeps, presentPost } from './pipeline.js';
import { OnePostInput, Post } from './schema.js';

/** One post. Three queries in two round trips (D19). Throws `not_found` when it is not for this caller. */
export const getPost = readOperation({
  name: 'getPost',
  summary: 'A post',
  access: 'anyone',
  input: OnePostInput,
  output: Post,
  async run(deps: PipelineDeps, scope, { postId }) {
    return await presentPost(deps, scope, postId);
  },
});
