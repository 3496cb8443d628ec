import { platformErrors } from '../../platform/errors/index.js';
import { newId } from '../../platform/ids/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import type { Graph } from '../graph/index.js';
import { postCreated } from './events.js';
import { parseBody } from './parse-body.js';
import type { Authors } from './pipeline.js';
import { insertPost } from './queries/posts.js';
import { CreatePostInput, Post } from './schema.js';

export interface CreatePostDeps {
  readonly identity: Authors;
  readonly graph: Pick<Graph, 'hiddenUsers'>;
}

/**
 * Writes a post. Hashtags and mentions are found in its body; a handle that is nobody's, or whose user a block
 * separates from the author, stays a word.
 */
export const createPost = writeOperation({
  name: 'createPost',
  summary: 'Write a post',
  access: 'user',
  counts: 'postsCreated',
  input: CreatePostInput,
  output: Post,
  async run({ identity, graph }: CreatePostDeps, scope, { body, visibility = 'public', language = null }) {
    const { userId } = requireViewer(scope);
    const { hashtags, handles } = parseBody(body);
    const [authors, idByHandle] = await Promise.all([
      identity.usersByIds(scope, [userId]),
      handles.length > 0 ? identity.userIdsByHandles(scope, handles) : new Map<string, string>(),
    ]);
    const author = authors.get(userId);
    if (author === undefined) throw platformErrors.unauthenticated();
    const mentioned = handles.flatMap((handle) => idByHandle.get(handle) ?? []);
    const hidden = mentioned.length > 0 ? await graph.hiddenUsers(scope, mentioned) : new Set<string>();
    const mentionedUserIds = mentioned.filter((id) => !hidden.has(id));

    const id = newId();
    const fields = { id, body, language, visibility, hashtags: [...hashtags], mentionedUserIds };
    const stored = await scope.db.row(insertPost, { ...fields, authorId: userId });
    if (stored === undefined) throw platformErrors.internal();
    scope.db.emit(postCreated(id, userId));
    const { createdAt } = stored;
    return {
      ...fields,
      author,
      imageName: null,
      likeCount: 0,
      viewer: { liked: false },
      createdAt,
      updatedAt: createdAt,
    };
  },
});
