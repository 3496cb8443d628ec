import type { UserProfile } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { useState } from 'react';
import { ConfirmDialog } from '../../ui/dialog.js';
import { Menu } from '../../ui/menu.js';
import { useNotices } from '../../ui/notices.js';

/** What one does rarely with somebody. */
export function BlockMenu({ profile }: { readonly profile: UserProfile }) {
  const { graph, identity, feed, content } = useNova();
  const { say, sayError } = useNotices();
  const [asks, setAsks] = useState(false);
  const { id: userId, handle } = profile;
  // All that shows people or what they write: a block hides it everywhere.
  const invalidates = [
    identity.getUserByHandle,
    feed.readHomeFeed,
    graph.listBlocks,
    graph.listFollowers,
    graph.listFollowing,
    content.listPostsByAuthor,
    content.listPostsByHashtag,
    content.getPost,
  ];
  const block = useMutation(graph.blockUser, { invalidates });
  const unblock = useMutation(graph.unblockUser, { invalidates });
  const isBlocking = profile.viewer?.blocking ?? false;

  const confirm = (): void => {
    setAsks(false);
    block.run({ userId }).then(() => say(`You block @${handle}.`), sayError);
  };
  const takeBack = (): void => {
    unblock.run({ userId }).then(() => say(`You do not block @${handle} any more.`), sayError);
  };
  return (
    <>
      <Menu
        label={`More about ${profile.displayName}`}
        items={[
          isBlocking
            ? { icon: 'block', text: `Unblock @${handle}`, onPick: takeBack }
            : { icon: 'block', text: `Block @${handle}`, isDanger: true, onPick: () => setAsks(true) },
        ]}
      />
      {asks && (
        <ConfirmDialog
          title={`Block @${handle}?`}
          action="Block"
          isBusy={block.isRunning}
          onConfirm={confirm}
          onClose={() => setAsks(false)}
        >
          <p>You stop following each other, and neither of you sees the other any more. You can take it back.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
