import type { Post } from '@nova/client';
import { useSession } from '@nova/client/react';
import { useState } from 'react';
import { Menu, type MenuItem } from '../../ui/menu.js';
import { useNotices } from '../../ui/notices.js';
import { DeletePostDialog } from './delete-post-dialog.js';
import { EditPostDialog } from './edit-post-dialog.js';
import styles from './post.module.css';

type Opened = 'edit' | 'delete' | null;

/** What one does rarely with a post. */
export function PostMenu({ post, isAlone }: { readonly post: Post; readonly isAlone: boolean }) {
  const { session } = useSession();
  const { say } = useNotices();
  const [opened, setOpened] = useState<Opened>(null);
  const isOwn = session?.userId === post.author.id;
  const copyLink = (): void => {
    navigator.clipboard.writeText(`${window.location.origin}/posts/${post.id}`).then(
      () => say('The link is copied.'),
      () => say('The browser did not let us copy the link.'),
    );
  };
  const items: MenuItem[] = [
    { icon: 'link', text: 'Copy link', onPick: copyLink },
    ...(isOwn
      ? ([
          { icon: 'pen', text: 'Edit', onPick: () => setOpened('edit') },
          { icon: 'trash', text: 'Delete', isDanger: true, onPick: () => setOpened('delete') },
        ] as const)
      : []),
  ];
  const close = () => setOpened(null);
  return (
    <div className={styles.menu}>
      <Menu label="More about this post" items={items} />
      {opened === 'edit' && <EditPostDialog post={post} onClose={close} />}
      {opened === 'delete' && <DeletePostDialog post={post} isAlone={isAlone} onClose={close} />}
    </div>
  );
}
