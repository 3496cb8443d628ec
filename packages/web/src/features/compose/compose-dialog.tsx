import type { Draft, Post } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.js';
import { ConfirmDialog, Dialog } from '../../ui/dialog.js';
import { Select, TextField } from '../../ui/field.js';
import { useNotices } from '../../ui/notices.js';
import { Alert } from '../../ui/states.js';
import { useForm } from '../account/use-form.js';
import { REPLY_POLICIES, VISIBILITIES } from '../post/visibility.js';
import { checkWriting } from './check-post.js';
import styles from './compose-dialog.module.css';
import { PollFields } from './poll-fields.js';
import { useSendPost } from './send-post.js';
import { localTime, newPoll, newWriting, type Writing, writingOf } from './writing.js';
import { WritingField } from './writing-field.js';

interface ComposeDialogProps {
  /** To go on with; null for a new post. */
  readonly draft: Draft | null;
  readonly body: string;
  readonly onClose: () => void;
}

const TOMORROW_MS = 86_400_000;

export function ComposeDialog({ draft, body, onClose }: ComposeDialogProps) {
  const { content } = useNova();
  const { say, sayError } = useNotices();
  const send = useSendPost(draft);
  const discard = useMutation(content.deleteDraft, { invalidates: [content.listDrafts] });
  const [first] = useState<Writing>(() => (draft === null ? newWriting(body) : writingOf(draft)));
  const [writing, setWriting] = useState(first);
  const [asksToLeave, setAsksToLeave] = useState(false);
  const change = (part: Partial<Writing>) => setWriting((before) => ({ ...before, ...part }));

  const form = useForm(
    async () => {
      say(await send.publish(writing));
      onClose();
    },
    () => checkWriting(writing, Date.now()),
  );
  const saveDraft = async (): Promise<void> => {
    try {
      say(await send.save(writing));
      onClose();
    } catch (error) {
      sayError(error);
      setAsksToLeave(false);
    }
  };
  const leave = () => (writing === first || writing.body.trim() === '' ? onClose() : setAsksToLeave(true));
  const deleteDraft = (): void => {
    if (draft === null) return;
    discard.run({ draftId: draft.id }).then(() => say('The draft is deleted.'), sayError);
    onClose();
  };

  return (
    <Dialog title={draft === null ? 'Write a post' : 'Your draft'} onClose={leave} isWide>
      <form className={styles.form} onSubmit={form.submit} noValidate>
        {form.error !== undefined && <Alert>{form.error}</Alert>}
        <WritingField
          label="Text of the post"
          placeholder="What is on your mind?"
          body={writing.body}
          error={form.errors['body']}
          onWrite={(text) => change({ body: text })}
        />
        {writing.poll !== null && (
          <PollFields
            poll={writing.poll}
            errors={form.errors}
            onChange={(poll) => change({ poll })}
            // A draft can change its poll, and not lose it.
            onRemove={draft?.poll ? undefined : () => change({ poll: null })}
          />
        )}
        {writing.publishAt !== null && (
          <div className={styles.time}>
            <TextField
              label="Publish at"
              name="publishAt"
              type="datetime-local"
              value={writing.publishAt}
              min={localTime(new Date())}
              error={form.errors['publishAt']}
              onChange={({ target }) => change({ publishAt: target.value })}
            />
            <IconButton icon="close" label="Publish at once instead" onClick={() => change({ publishAt: null })} />
          </div>
        )}
        <Audience writing={writing} onChange={change} />
        <div className={styles.foot}>
          <div className={styles.tools}>
            <IconButton
              icon="poll"
              label="Add a poll"
              disabled={writing.poll !== null}
              onClick={() => change({ poll: newPoll() })}
            />
            <IconButton
              icon="clock"
              label="Publish later"
              disabled={writing.publishAt !== null}
              onClick={() => change({ publishAt: localTime(new Date(Date.now() + TOMORROW_MS)) })}
            />
            {draft !== null && <IconButton icon="trash" label="Delete this draft" onClick={deleteDraft} />}
          </div>
          <Button look="quiet" disabled={writing.body.trim() === ''} onClick={() => void saveDraft()}>
            Save draft
          </Button>
          <Button type="submit" look="primary" isBusy={form.isSending}>
            {writing.publishAt === null ? 'Post' : 'Schedule'}
          </Button>
        </div>
      </form>
      {asksToLeave && (
        <ConfirmDialog
          title="Keep what you wrote?"
          action="Save draft"
          look="primary"
          isBusy={false}
          onConfirm={() => void saveDraft()}
          onClose={() => setAsksToLeave(false)}
        >
          <p>You find it under Drafts then.</p>
          <Button className={styles.discard} look="danger" onClick={onClose}>
            Discard
          </Button>
        </ConfirmDialog>
      )}
    </Dialog>
  );
}

function Audience({ writing, onChange }: { writing: Writing; onChange: (part: Partial<Writing>) => void }) {
  const visibilities = Object.entries(VISIBILITIES).map(
    ([value, { text }]) => [value as Post['visibility'], text] as const,
  );
  const policies = Object.entries(REPLY_POLICIES).map(([value, text]) => [value as Post['replyPolicy'], text] as const);
  return (
    <div className={styles.audience}>
      <Select
        label="Who sees it"
        value={writing.visibility}
        options={visibilities}
        onPick={(visibility) => onChange({ visibility })}
      />
      <Select
        label="Who may reply"
        value={writing.replyPolicy}
        options={policies}
        onPick={(replyPolicy) => onChange({ replyPolicy })}
      />
    </div>
  );
}
