import type { Post } from '@nova/client';
import { useState } from 'react';
import { Link } from '../../router/link.js';
import { fullTime, shortAge } from '../../text/relative-time.js';
import { Avatar } from '../../ui/avatar.js';
import { Icon } from '../../ui/icon.js';
import { HistoryDialog } from './history-dialog.js';
import { LinkCard } from './link-card.js';
import { MediaGrid } from './media-grid.js';
import { PollCard } from './poll-card.js';
import styles from './post.module.css';
import { PostActions } from './post-actions.js';
import { PostBody } from './post-body.js';
import { PostMenu } from './post-menu.js';
import { VISIBILITIES } from './visibility.js';

interface PostCardProps {
  readonly post: Post;
  /** On a page of its own: larger, with its time in full. */
  readonly isAlone?: boolean;
}

export function PostCard({ post, isAlone = false }: PostCardProps) {
  const { author } = post;
  return (
    <article className={isAlone ? styles.alone : styles.post} aria-label={`Post by ${author.displayName}`}>
      <Link to={`/@${author.handle}`} tabIndex={-1} aria-hidden="true" className={styles.face}>
        <Avatar user={author} />
      </Link>
      <div className={styles.head}>
        <Link to={`/@${author.handle}`} className={styles.author}>
          <strong>{author.displayName}</strong> <span>@{author.handle}</span>
        </Link>
        {!isAlone && <Moment post={post} />}
      </div>
      <PostMenu post={post} isAlone={isAlone} />
      <div className={styles.content}>
        {post.body !== '' && <PostBody body={post.body} entities={post.entities} isLarge={isAlone} />}
        <MediaGrid media={post.media} />
        {post.poll !== null && <PollCard postId={post.id} poll={post.poll} canVote={post.viewer !== null} />}
        {post.linkPreview !== null && <LinkCard preview={post.linkPreview} />}
        {isAlone && <Moment post={post} isFull />}
        <PostActions post={post} />
      </div>
    </article>
  );
}

/** When, for whom, and whether it was changed. The time leads to the post's own page. */
function Moment({ post, isFull = false }: { readonly post: Post; readonly isFull?: boolean }) {
  const [showsHistory, setShowsHistory] = useState(false);
  const { createdAt, editedAt, visibility } = post;
  const { icon, text } = VISIBILITIES[visibility];
  return (
    <div className={styles.moment}>
      <Link to={`/posts/${post.id}`} className={styles.permalink}>
        <time dateTime={createdAt} title={fullTime(createdAt)}>
          {isFull ? fullTime(createdAt) : shortAge(createdAt, Date.now())}
        </time>
      </Link>
      {(isFull || visibility !== 'public') && (
        <span className={styles.mark} title={text}>
          <Icon name={icon} size={14} />
          <span className={isFull ? undefined : 'visually-hidden'}>{text}</span>
        </span>
      )}
      {editedAt !== null && (
        <button type="button" className={styles.edited} onClick={() => setShowsHistory(true)}>
          Edited
        </button>
      )}
      {showsHistory && <HistoryDialog postId={post.id} onClose={() => setShowsHistory(false)} />}
    </div>
  );
}
