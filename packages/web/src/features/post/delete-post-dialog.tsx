import type { Post } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { navigate } from '../../router/location.js';
import { ConfirmDialog } from '../../ui/dialog.js';
import { useNotices } from '../../ui/notices.js';
import { listsOfPosts, removePost } from './change-post.js';

interface DeletePostDialogProps {
  readonly post: Post;
  /** On its own page, which is left then. */
  readonly isAlone: boolean;
  readonly onClose: () => void;
}

export function DeletePostDialog({ post, isAlone, onClose }: DeletePostDialogProps) {
  const nova = useNova();
  const { say, sayError } = useNotices();
  const lists = [...listsOfPosts(nova), nova.content.listDeletedPosts];
  const restore = useMutation(nova.content.restorePost, { invalidates: lists });
  const remove = useMutation(nova.content.deletePost, {
    ahead: (ahead, { postId }) => removePost(nova, ahead, postId),
    invalidates: lists,
  });
  const bringBack = (): void => {
    restore.run({ postId: post.id }).then(() => say('The post is back.'), sayError);
  };
  const confirm = (): void => {
    onClose();
    remove.run({ postId: post.id }).then(() => {
      say('The post is deleted.', { text: 'Undo', onPick: bringBack });
      if (isAlone) navigate('/', { replace: true });
    }, sayError);
  };
  return (
    <ConfirmDialog
      title="Delete this post?"
      action="Delete"
      isBusy={remove.isRunning}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>Nobody sees it any more. You find it under Drafts, Deleted, and can bring it back for 30 days.</p>
    </ConfirmDialog>
  );
}
