import { useNova, usePages } from '@nova/client/react';
import { fullTime } from '../../text/relative-time.js';
import { Dialog } from '../../ui/dialog.js';
import { PagedList } from '../../ui/paged-list.js';
import { EmptyState } from '../../ui/states.js';
import styles from './post.module.css';
import { PostBody } from './post-body.js';

/** What a post has said, the newest first. */
export function HistoryDialog({ postId, onClose }: { readonly postId: string; readonly onClose: () => void }) {
  const { content } = useNova();
  const pages = usePages(content.listPostVersions, { postId, limit: 20 });
  return (
    <Dialog title="History of this post" onClose={onClose} isWide>
      <PagedList
        pages={pages}
        label="Versions"
        keyOf={({ version }) => String(version)}
        empty={<EmptyState icon="history" title="It has not been changed" />}
        className={styles.versions}
      >
        {({ version, body, entities, writtenAt }) => (
          <>
            <h3>
              {version === 1 ? 'Written' : 'Changed'} <time dateTime={writtenAt}>{fullTime(writtenAt)}</time>
            </h3>
            <PostBody body={body} entities={entities} />
          </>
        )}
      </PagedList>
    </Dialog>
  );
}
