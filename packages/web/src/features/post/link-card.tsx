import type { LinkPreview } from '@nova/client';
import { Icon } from '../../ui/icon.js';
import styles from './post.module.css';

/**
 * What a linked page says of itself. Without its picture: that would be fetched from wherever the link leads, and tell
 * them who reads the post.
 */
export function LinkCard({ preview: { url, title, description, siteName } }: { readonly preview: LinkPreview }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow ugc" className={styles.linkCard}>
      <span className={styles.site}>
        <Icon name="link" size={14} /> {siteName ?? hostOf(url)}
      </span>
      <strong>{title}</strong>
      {description !== null && <span className={styles.description}>{description}</span>}
    </a>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
