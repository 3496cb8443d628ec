import { newId } from '../../platform/ids/index.js';
import { writeOperation } from '../../platform/operation/index.js';
import { CreatePostInput, Post } from './schema.js';
import { type WritePostDeps, writePost } from './write-post.js';

/** Writes a post. What its body links to is said by `readBody`. */
export const createPost = writeOperation({
  name: 'createPost',
  summary: 'Write a post',
  access: 'user',
  input: CreatePostInput,
  output: Post,
  async run(
    deps: WritePostDeps,
    scope,
    { body, visibility = 'public', language = null, replyPolicy = 'everyone', custom = {}, mediaIds = [], poll = null },
  ) {
    return await writePost(deps, scope, {
      id: newId(),
      body,
      visibility,
      language,
      replyPolicy,
      custom,
      mediaIds,
      poll,
    });
  },
});
