import type { UserProfile } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { useState } from 'react';
import { navigate } from '../../router/location.js';
import { ConfirmDialog } from '../../ui/dialog.js';
import { Menu } from '../../ui/menu.js';
import { useNotices } from '../../ui/notices.js';

/** What one does rarely with somebody. */
export function BlockMenu({ profile }: { readonly profile: UserProfile }) {
  const { graph, feed, content } = useNova();
  const { say, sayError } = useNotices();
  const [asks, setAsks] = useState(false);
  const { id: userId, handle } = profile;
  // What is shown elsewhere of people and what they write. This page is left: it is there for neither any more.
  const invalidates = [
    feed.readHomeFeed,
    graph.listBlocks,
    graph.listFollowers,
    graph.listFollowing,
    content.listPostsByHashtag,
  ];
  const block = useMutation(graph.blockUser, { invalidates });
  const unblock = useMutation(graph.unblockUser, { invalidates });

  const takeBack = (): void => {
    unblock.run({ userId }).then(() => say(`You do not block @${handle} any more.`), sayError);
  };
  const confirm = (): void => {
    setAsks(false);
    block.run({ userId }).then(() => {
      navigate('/', { replace: true });
      say(`You block @${handle}.`, { text: 'Undo', onPick: takeBack });
    }, sayError);
  };
  return (
    <>
      <Menu
        label={`More about ${profile.displayName}`}
        items={[{ icon: 'block', text: `Block @${handle}`, isDanger: true, onPick: () => setAsks(true) }]}
      />
      {asks && (
        <ConfirmDialog
          title={`Block @${handle}?`}
          action="Block"
          isBusy={block.isRunning}
          onConfirm={confirm}
          onClose={() => setAsks(false)}
        >
          <p>
            You stop following each other, and neither of you sees the other any more. You can take it back in your
            settings.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
