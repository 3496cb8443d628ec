import { isDeepStrictEqual } from 'node:util';
import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import type { Custom } from './custom.js';
import { contentErrors } from './errors.js';
import { postEdited } from './events.js';
import { MAX_VERSIONS } from './limits.js';
import { readPreviews } from './links/read-previews.js';
import { type PipelineDeps, presentPost, viewPost } from './pipeline.js';
import { readPolls } from './polls/read-polls.js';
import { lockOwnPost, setHashtags, updatePost } from './queries/own-posts.js';
import { readBody } from './read-body.js';
import { EditPostInput, Post, type PostEntity } from './schema.js';
import { StoredPost } from './stored-post.js';
import type { WritePostDeps } from './write-post.js';

export interface EditPostDeps extends PipelineDeps, WritePostDeps {
  readonly identity: WritePostDeps['identity'];
  readonly graph: PipelineDeps['graph'] & WritePostDeps['graph'];
  readonly settings: {
    /** How long after its creation a post can be edited; 0 is for ever. */
    readonly editWindowMs: number;
  };
}

/**
 * Changes a post of the viewer's own. Another body, language or `custom` is a new version, and the one before is kept;
 * who may see it or reply is not part of a version. What is the same already changes nothing. Errors: `not_found`,
 * `not_the_author`, `post_changed`, `edit_window_over`, `too_many_versions`.
 */
export const editPost = writeOperation({
  name: 'editPost',
  summary: 'Edit a post of your own',
  access: 'user',
  input: EditPostInput,
  output: Post,
  async run(deps: EditPostDeps, scope, { postId, ifVersion, ...changes }) {
    const { userId } = requireViewer(scope);
    const [found, authors] = await Promise.all([
      scope.db.row(lockOwnPost, { postId, viewerId: userId }),
      deps.identity.usersByIds(scope, [userId]),
    ]);
    if (found === undefined) {
      await viewPost(deps, scope, postId);
      throw contentErrors.not_the_author();
    }
    const author = authors.get(userId);
    if (author === undefined) throw platformErrors.unauthenticated();
    const { ageMs, likeCount, liked, ...before } = found;
    if (ifVersion !== undefined && ifVersion !== before.version) {
      throw contentErrors.post_changed({ detail: `the post is at version ${before.version}` });
    }
    const { editWindowMs } = deps.settings;
    if (editWindowMs > 0 && ageMs > editWindowMs) throw contentErrors.edit_window_over();

    const custom = changes.custom === undefined ? (before.custom as Custom) : plain(changes.custom);
    const wanted = { ...before, ...changes, custom };
    const isNewVersion =
      wanted.body !== before.body ||
      wanted.language !== before.language ||
      !isDeepStrictEqual(wanted.custom, before.custom);
    const isChange =
      isNewVersion || wanted.visibility !== before.visibility || wanted.replyPolicy !== before.replyPolicy;
    if (isNewVersion && before.version >= MAX_VERSIONS) throw contentErrors.too_many_versions();

    const present = async (row: typeof before) => {
      const stored = new StoredPost(scope.tenant.id, row);
      const [polls, previews] = await Promise.all([readPolls(scope, [stored]), readPreviews(scope, [stored])]);
      const state = { id: postId, updatedAt: row.updatedAt, likeCount, liked };
      return presentPost(scope, {
        stored,
        state,
        author,
        poll: polls.get(postId),
        preview: previews.get(stored.linkUrl),
      });
    };
    if (!isChange) return await present(before);
    const isSameBody = wanted.body === before.body;
    const links = isSameBody
      ? {
          hashtags: before.hashtags,
          mentionedUserIds: before.mentionedUserIds,
          entities: before.entities,
          linkUrl: before.linkUrl,
        }
      : await readBody(deps, scope, wanted.body);
    const { body, language, visibility, replyPolicy } = wanted;
    const fields = { body, language, visibility, replyPolicy };
    const { hashtags, mentionedUserIds, linkUrl } = links;
    const [changed] = await Promise.all([
      scope.db.row(updatePost, {
        postId,
        ...fields,
        hashtags,
        mentionedUserIds,
        custom: JSON.stringify(custom),
        linkUrl,
        entities: JSON.stringify(links.entities as PostEntity[]),
        isNewVersion,
      }),
      isSameBody || scope.db.run(setHashtags, { postId, hashtags }),
    ]);
    if (changed === undefined) throw platformErrors.internal();
    const known = new Set(before.mentionedUserIds);
    scope.db.emit(
      postEdited(
        postId,
        userId,
        mentionedUserIds.filter((id) => !known.has(id)),
      ),
    );
    return await present({ ...before, ...fields, ...links, custom, ...changed });
  },
});

/** As the database will give it back: what GraphQL hands over has no prototype. */
function plain(custom: Custom): Custom {
  return JSON.parse(JSON.stringify(custom)) as Custom;
}
