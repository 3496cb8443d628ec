import { useNova, useOperation, usePages } from '@nova/client/react';
import type { Params } from '../../router/match.js';
import { Page, rows, Sheet } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { EmptyState, Skeleton } from '../../ui/states.js';
import { PageTabs } from '../../ui/tabs.js';
import { PersonRow } from './person-row.js';
import { NoProfile } from './profile-page.js';

type Which = 'followers' | 'following';

export function FollowersPage({ params }: { readonly params: Params }) {
  return <People handle={params['handle'] ?? ''} which="followers" />;
}

export function FollowingPage({ params }: { readonly params: Params }) {
  return <People handle={params['handle'] ?? ''} which="following" />;
}

function People({ handle, which }: { readonly handle: string; readonly which: Which }) {
  const { identity, graph } = useNova();
  const { data: profile, error, refresh } = useOperation(identity.getUserByHandle, { handle: handle.toLowerCase() });
  const list = which === 'followers' ? graph.listFollowers : graph.listFollowing;
  const pages = usePages(list, profile === undefined ? null : { userId: profile.id, limit: 30 });
  const title = which === 'followers' ? 'Followers' : 'Following';
  return (
    <Page title={title} note={profile?.displayName ?? `@${handle}`} parent={`/@${handle}`}>
      <Sheet>
        <PageTabs
          label="People"
          tabs={[
            [`/@${handle}/followers`, 'Followers'],
            [`/@${handle}/following`, 'Following'],
          ]}
        />
        {profile === undefined && error !== null && <NoProfile error={error} onRetry={() => void refresh()} />}
        {profile === undefined && error === null && <Skeleton />}
        {profile !== undefined && (
          <PagedList
            pages={pages}
            label={title}
            keyOf={({ id }) => id}
            className={rows}
            empty={
              <EmptyState icon="followers" title={which === 'followers' ? 'No followers yet' : 'Follows nobody yet'} />
            }
          >
            {(user) => <PersonRow user={user} />}
          </PagedList>
        )}
      </Sheet>
    </Page>
  );
}
