import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, type WriteScope } from '../../platform/operation/index.js';
import type { Custom } from './custom.js';
import { postCreated } from './events.js';
import { readPreviews } from './links/read-previews.js';
import { ownMedia } from './media/own-media.js';
import type { Authors } from './pipeline.js';
import { openPoll } from './polls/open-poll.js';
import type { NewPoll } from './polls/schema.js';
import { attachMedia } from './queries/media.js';
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
  readonly mediaIds: readonly string[];
  readonly poll: NewPoll | null;
}

/**
 * Writes a post of the viewer's, dated now; answers it as its author sees it. Throws `invalid_request` for media that is
 * not the viewer's.
 */
export async function writePost(deps: WritePostDeps, scope: WriteScope, post: NewPost): Promise<Post> {
  const { userId } = requireViewer(scope);
  const [authors, links, media] = await Promise.all([
    deps.identity.usersByIds(scope, [userId]),
    readBody(deps, scope, post.body),
    ownMedia(scope, userId, post.mediaIds),
  ]);
  const author = authors.get(userId);
  if (author === undefined) throw platformErrors.unauthenticated();
  const { custom, mediaIds, poll, linkUrl, ...fields } = { ...post, ...links };
  const stored = await scope.db.row(insertPost, {
    ...fields,
    authorId: userId,
    custom: JSON.stringify(custom),
    entities: JSON.stringify(links.entities),
    linkUrl,
    hasPoll: poll !== null,
    hasMedia: media.length > 0,
  });
  if (stored === undefined) throw platformErrors.internal();
  const [opened, previews] = await Promise.all([
    poll === null ? null : openPoll(scope.db, post.id, poll),
    readPreviews(scope, [{ linkUrl }]),
    media.length > 0 && scope.db.run(attachMedia, { postId: post.id, mediaIds }),
  ]);
  scope.db.emit(postCreated(post.id, userId));
  const { createdAt } = stored;
  return {
    ...fields,
    custom,
    author,
    media,
    poll: opened,
    linkPreview: previews.get(linkUrl) ?? null,
    imageName: null,
    likeCount: 0,
    viewer: { liked: false },
    version: 1,
    editedAt: null,
    createdAt,
    updatedAt: createdAt,
  };
}
