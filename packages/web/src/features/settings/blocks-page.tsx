import type { User } from '@nova/client';
import { useMutation, useNova, usePages } from '@nova/client/react';
import { Button } from '../../ui/button.js';
import { useNotices } from '../../ui/notices.js';
import { rows } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { EmptyState } from '../../ui/states.js';
import { PersonRow } from '../profile/person-row.js';
import { SettingsPage } from './settings-page.js';

export function BlocksPage() {
  const { graph } = useNova();
  const pages = usePages(graph.listBlocks, { limit: 30 });
  return (
    <SettingsPage title="Blocked">
      <PagedList
        pages={pages}
        label="People you block"
        keyOf={({ id }) => id}
        className={rows}
        empty={<EmptyState icon="block" title="You block nobody" />}
      >
        {(user) => <BlockedRow user={user} />}
      </PagedList>
    </SettingsPage>
  );
}

function BlockedRow({ user }: { readonly user: User }) {
  const { graph, identity, feed } = useNova();
  const { say, sayError } = useNotices();
  const unblock = useMutation(graph.unblockUser, {
    ahead: (ahead, { userId }) => ahead.changeItems(graph.listBlocks, (item) => (item.id === userId ? null : item)),
    invalidates: [graph.listBlocks, identity.getUserByHandle, feed.readHomeFeed],
  });
  const takeBack = (): void => {
    unblock.run({ userId: user.id }).then(() => say(`You do not block @${user.handle} any more.`), sayError);
  };
  return (
    <PersonRow user={user}>
      <Button isSmall isBusy={unblock.isRunning} aria-label={`Unblock ${user.displayName}`} onClick={takeBack}>
        Unblock
      </Button>
    </PersonRow>
  );
}
