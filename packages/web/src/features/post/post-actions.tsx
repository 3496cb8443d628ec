import type { Post } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { compact } from '../../text/counts.js';
import { classes } from '../../ui/classes.js';
import { Icon } from '../../ui/icon.js';
import { useNotices } from '../../ui/notices.js';
import { changePost } from './change-post.js';
import styles from './post.module.css';

export function PostActions({ post }: { readonly post: Post }) {
  return (
    <div className={styles.actions}>
      <LikeButton post={post} />
    </div>
  );
}

function LikeButton({ post }: { readonly post: Post }) {
  const nova = useNova();
  const { say, sayError } = useNotices();
  const isLiked = post.viewer?.liked ?? false;
  const set = useMutation(isLiked ? nova.content.unlikePost : nova.content.likePost, {
    ahead: (ahead, { postId }) =>
      changePost(nova, ahead, postId, (shown) => ({
        ...shown,
        likeCount: Math.max(0, shown.likeCount + (isLiked ? -1 : 1)),
        viewer: { ...shown.viewer, liked: !isLiked },
      })),
  });
  const press = (): void => {
    if (post.viewer === null) say('Sign in to like posts.');
    else if (!set.isRunning) set.run({ postId: post.id }).catch(sayError);
  };
  return (
    <button
      type="button"
      aria-pressed={isLiked}
      aria-label={`Like, ${compact(post.likeCount)}`}
      className={classes(styles.action, styles.like)}
      onClick={press}
    >
      <Icon name="heart" isFilled={isLiked} />
      <span>{post.likeCount > 0 ? compact(post.likeCount) : ''}</span>
    </button>
  );
}
