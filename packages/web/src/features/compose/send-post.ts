import type { Draft } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { fullTime } from '../../text/relative-time.js';
import { listsOfPosts } from '../post/change-post.js';
import { momentOf, postOf, type Writing } from './writing.js';

interface SendPost {
  /** Publishes at once, or at its time. @returns what to say then */
  publish(writing: Writing): Promise<string>;
  /** Keeps it for later; its time, if it has one, only once it is scheduled. @returns what to say then */
  save(writing: Writing): Promise<string>;
}

/** The ways of what is written to the server: as a post, or through a draft. */
export function useSendPost(draft: Draft | null): SendPost {
  const nova = useNova();
  const { content } = nova;
  const invalidates = [...listsOfPosts(nova), content.listDrafts];
  const post = useMutation(content.createPost, { invalidates });
  const create = useMutation(content.createDraft, { invalidates });
  const update = useMutation(content.updateDraft, { invalidates });
  const schedule = useMutation(content.scheduleDraft, { invalidates });
  const unschedule = useMutation(content.unscheduleDraft, { invalidates });
  const release = useMutation(content.publishDraft, { invalidates });

  return {
    async publish(writing) {
      const input = postOf(writing);
      const publishAt = writing.publishAt === null ? null : momentOf(writing.publishAt);
      if (draft !== null) await update.run({ draftId: draft.id, ...input });
      if (publishAt !== null) {
        if (draft === null) await create.run({ ...input, publishAt });
        else await schedule.run({ draftId: draft.id, publishAt });
        return `It will be published on ${fullTime(publishAt)}.`;
      }
      if (draft === null) await post.run(input);
      else await release.run({ draftId: draft.id });
      return 'Your post is out.';
    },
    async save(writing) {
      const input = postOf(writing);
      if (draft === null) await create.run(input);
      else {
        await update.run({ draftId: draft.id, ...input });
        if (draft.publishAt !== null && writing.publishAt === null) await unschedule.run({ draftId: draft.id });
      }
      return 'The draft is kept.';
    },
  };
}
