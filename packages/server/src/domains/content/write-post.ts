import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, type WriteScope } from '../../platform/operation/index.js';
import type { Custom } from './custom.js';
import { postCreated } from './events.js';
import type { Authors } from './pipeline.js';
import { insertPost } from './queries/posts.js';
import { type ReadBodyDeps, readBody } from './read-body.js';
import type { Post, ReplyPolicy, Visibility } from './schema.js';

export interface WritePostDeps extends ReadBodyDeps {
  readonly identity: Pick<Authors, 'usersByIds' | 'userIdsByHandles'>;
}

/** A post as its author has written it. */
export interface NewPost {
  readonly id: string;
  readonly body: string;
  readonly language: string | null;
  readonly visibility: Visibility;
  readonly replyPolicy: ReplyPolicy;
  readonly custom: Custom;
}

/** Writes a post of the viewer's, dated now; answers it as its author sees it. */
export async function writePost(deps: WritePostDeps, scope: WriteScope, post: NewPost): Promise<Post> {
  const { userId } = requireViewer(scope);
  const [authors, links] = await Promise.all([
    deps.identity.usersByIds(scope, [userId]),
    readBody(deps, scope, post.body),
  ]);
  const author = authors.get(userId);
  if (author === undefined) throw platformErrors.unauthenticated();
  const { custom, ...fields } = { ...post, ...links };
  const stored = await scope.db.row(insertPost, {
    ...fields,
    authorId: userId,
    custom: JSON.stringify(custom),
    entities: JSON.stringify(links.entities),
  });
  if (stored === undefined) throw platformErrors.internal();
  scope.db.emit(postCreated(post.id, userId));
  const { createdAt } = stored;
  return {
    ...fields,
    custom,
    author,
    imageName: null,
    likeCount: 0,
    viewer: { liked: false },
    version: 1,
    editedAt: null,
    createdAt,
    updatedAt: createdAt,
  };
}
