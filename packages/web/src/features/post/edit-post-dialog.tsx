import type { Post } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { useState } from 'react';
import { Button } from '../../ui/button.js';
import { Dialog, DialogActions } from '../../ui/dialog.js';
import { Select } from '../../ui/field.js';
import { useNotices } from '../../ui/notices.js';
import { Alert } from '../../ui/states.js';
import { useForm } from '../account/use-form.js';
import { checkBody } from '../compose/check-post.js';
import { WritingField } from '../compose/writing-field.js';
import { listsOfPosts } from './change-post.js';
import { VISIBILITIES } from './visibility.js';

export function EditPostDialog({ post, onClose }: { readonly post: Post; readonly onClose: () => void }) {
  const nova = useNova();
  const { say } = useNotices();
  const [body, setBody] = useState(post.body);
  const [visibility, setVisibility] = useState(post.visibility);
  const { getPost, listPostVersions, editPost } = nova.content;
  const edit = useMutation(editPost, { invalidates: [...listsOfPosts(nova), getPost, listPostVersions] });
  const form = useForm(
    async () => {
      await edit.run({ postId: post.id, body, visibility, ifVersion: post.version });
      say('The post is changed.');
      onClose();
    },
    () => ({ body: checkBody(body) }),
  );
  return (
    <Dialog title="Edit post" onClose={onClose} isWide>
      <form onSubmit={form.submit} noValidate>
        {form.error !== undefined && <Alert>{form.error}</Alert>}
        <WritingField label="Text of the post" body={body} error={form.errors['body']} onWrite={setBody} />
        <Select
          label="Who sees it"
          value={visibility}
          options={Object.entries(VISIBILITIES).map(([value, { text }]) => [value as Post['visibility'], text])}
          onPick={setVisibility}
        />
        <DialogActions>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isBusy={form.isSending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
