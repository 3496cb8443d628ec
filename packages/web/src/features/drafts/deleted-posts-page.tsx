import type { DeletedPost } from '@nova/client';
import { useMutation, useNova, usePages } from '@nova/client/react';
import { fullTime } from '../../text/relative-time.js';
import { Button } from '../../ui/button.js';
import { useNotices } from '../../ui/notices.js';
import { Page, rows, Sheet } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { EmptyState } from '../../ui/states.js';
import { PageTabs } from '../../ui/tabs.js';
import { listsOfPosts } from '../post/change-post.js';
import styles from './drafts.module.css';
import { DRAFT_TABS } from './drafts-page.js';

export function DeletedPostsPage() {
  const { content } = useNova();
  const pages = usePages(content.listDeletedPosts, { limit: 20 });
  return (
    <Page title="Deleted">
      <Sheet>
        <PageTabs label="Drafts" tabs={DRAFT_TABS} />
        <PagedList
          pages={pages}
          label="Deleted posts"
          keyOf={({ post }) => post.id}
          className={rows}
          empty={
            <EmptyState icon="trash" title="Nothing deleted">
              Posts that you delete stay here for 30 days, to be brought back.
            </EmptyState>
          }
        >
          {(deleted) => <DeletedRow deleted={deleted} />}
        </PagedList>
      </Sheet>
    </Page>
  );
}

function DeletedRow({ deleted: { post, restorableUntil } }: { readonly deleted: DeletedPost }) {
  const nova = useNova();
  const { say, sayError } = useNotices();
  const restore = useMutation(nova.content.restorePost, {
    ahead: (ahead, { postId }) =>
      ahead.changeItems(nova.content.listDeletedPosts, (item) => (item.post.id === postId ? null : item)),
    invalidates: [nova.content.listDeletedPosts, ...listsOfPosts(nova)],
  });
  const bringBack = (): void => {
    restore.run({ postId: post.id }).then(() => say('The post is back.'), sayError);
  };
  return (
    <div className={styles.deleted}>
      <div>
        <p className={styles.text}>{post.body}</p>
        <p className={styles.when}>Gone for good on {fullTime(restorableUntil)}</p>
      </div>
      <Button isSmall isBusy={restore.isRunning} onClick={bringBack}>
        Restore
      </Button>
    </div>
  );
}
