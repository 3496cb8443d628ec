import { isNovaError } from '@nova/client';
import { useNova, useOperation, usePages, useSession } from '@nova/client/react';
import type { Params } from '../../router/match.js';
import { ButtonLink } from '../../ui/button.js';
import { Page, Sheet } from '../../ui/page.js';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.js';
import { PostList } from '../post/post-list.js';
import { ProfileHeader } from './profile-header.js';

export function ProfilePage({ params }: { readonly params: Params }) {
  const { identity, content } = useNova();
  const { session } = useSession();
  const handle = (params['handle'] ?? '').toLowerCase();
  const { data, error, refresh } = useOperation(identity.getUserByHandle, { handle });
  // What was seen before is no longer to be seen.
  const profile = isNovaError(error, 'not_found') ? undefined : data;
  const pages = usePages(content.listPostsByAuthor, profile === undefined ? null : { userId: profile.id, limit: 20 });
  const isOwn = profile !== undefined && session?.userId === profile.id;

  if (profile === undefined) {
    return (
      <Page title={`@${handle}`} parent="/">
        <Sheet>
          {error === null ? <Skeleton rows={3} /> : <NoProfile error={error} onRetry={() => void refresh()} />}
        </Sheet>
      </Page>
    );
  }
  return (
    <Page title={profile.displayName} parent="/">
      <Sheet>
        <ProfileHeader profile={profile} isOwn={isOwn} />
      </Sheet>
      <Sheet>
        <PostList
          pages={pages}
          label={`Posts by ${profile.displayName}`}
          empty={
            <EmptyState icon="pen" title={isOwn ? 'You have not written yet' : 'Nothing written yet'}>
              {isOwn ? 'Your posts will be here.' : `What ${profile.displayName} writes will be here.`}
            </EmptyState>
          }
        />
      </Sheet>
    </Page>
  );
}

export function NoProfile({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (!isNovaError(error, 'not_found', 'invalid_request')) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState icon="person" title="There is nobody of this name" action={<ButtonLink to="/">Go home</ButtonLink>}>
      The account is gone, or one of you blocks the other.
    </EmptyState>
  );
}
