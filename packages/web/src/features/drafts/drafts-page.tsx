import type { Draft } from '@nova/client';
import { useNova, usePages } from '@nova/client/react';
import { fullTime, shortAge } from '../../text/relative-time.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { Page, rows, Sheet } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { EmptyState } from '../../ui/states.js';
import { PageTabs } from '../../ui/tabs.js';
import { useCompose } from '../compose/compose-provider.js';
import styles from './drafts.module.css';

export const DRAFT_TABS = [
  ['/drafts', 'Drafts'],
  ['/drafts/scheduled', 'Scheduled'],
  ['/drafts/deleted', 'Deleted'],
] as const;

export function DraftsPage() {
  return <Drafts isScheduled={false} />;
}

export function ScheduledPage() {
  return <Drafts isScheduled />;
}

function Drafts({ isScheduled }: { readonly isScheduled: boolean }) {
  const { content } = useNova();
  const compose = useCompose();
  const pages = usePages(content.listDrafts, { scheduled: isScheduled, limit: 20 });
  const title = isScheduled ? 'Scheduled' : 'Drafts';
  return (
    <Page title={title}>
      <Sheet>
        <PageTabs label="Drafts" tabs={DRAFT_TABS} />
        <PagedList
          pages={pages}
          label={title}
          keyOf={({ id }) => id}
          className={rows}
          empty={
            <EmptyState
              icon={isScheduled ? 'clock' : 'draft'}
              title={isScheduled ? 'Nothing is scheduled' : 'No drafts'}
              action={<Button onClick={() => compose.write()}>Write a post</Button>}
            >
              {isScheduled
                ? 'A post with a time of its own waits here until then.'
                : 'What you begin and keep for later is here, and nobody else sees it.'}
            </EmptyState>
          }
        >
          {(draft) => <DraftRow draft={draft} />}
        </PagedList>
      </Sheet>
    </Page>
  );
}

function DraftRow({ draft }: { readonly draft: Draft }) {
  const compose = useCompose();
  return (
    <button type="button" className={styles.draft} onClick={() => compose.resume(draft)}>
      <span className={styles.text}>{draft.body}</span>
      <span className={styles.when}>
        {draft.publishAt === null ? (
          `Kept ${shortAge(draft.updatedAt, Date.now())}`
        ) : (
          <>
            <Icon name="clock" size={14} /> {fullTime(draft.publishAt)}
          </>
        )}
        {draft.poll !== null && ' · with a poll'}
      </span>
    </button>
  );
}
