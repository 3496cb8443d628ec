import type { CreatePostInput, Draft, NewPoll, Post } from '@nova/client';

/** A poll that is being made. */
export interface WrittenPoll {
  readonly options: readonly string[];
  readonly days: number;
  readonly multiple: boolean;
  readonly hidesResults: boolean;
}

/** A post that is being written. */
export interface Writing {
  readonly body: string;
  readonly visibility: Post['visibility'];
  readonly replyPolicy: Post['replyPolicy'];
  readonly poll: WrittenPoll | null;
  /** As the field of the browser has it, in the time of the place: `2026-12-24T18:00`; null to publish at once. */
  readonly publishAt: string | null;
}

const DAY_SECONDS = 86_400;

export const newWriting = (body = ''): Writing => ({
  body,
  visibility: 'public',
  replyPolicy: 'everyone',
  poll: null,
  publishAt: null,
});

export const newPoll = (): WrittenPoll => ({ options: ['', ''], days: 1, multiple: false, hidesResults: false });

/** Goes on with a draft. */
export function writingOf({ body, visibility, replyPolicy, poll, publishAt }: Draft): Writing {
  return {
    body,
    visibility,
    replyPolicy,
    poll: poll === null ? null : writtenPoll(poll),
    publishAt: publishAt === null ? null : localTime(new Date(publishAt)),
  };
}

/** What is sent of it; when to publish goes its own way. */
export function postOf({ body, visibility, replyPolicy, poll }: Writing): CreatePostInput {
  return { body, visibility, replyPolicy, ...(poll === null ? {} : { poll: pollOf(poll) }) };
}

/** The time of the place as a moment. */
export function momentOf(publishAt: string): string {
  return new Date(publishAt).toISOString();
}

/** A moment as the field of the browser takes it. */
export function localTime(time: Date): string {
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function writtenPoll({ options, durationSeconds, multiple = false, hidesResults = false }: NewPoll): WrittenPoll {
  return { options, days: Math.max(1, Math.round(durationSeconds / DAY_SECONDS)), multiple, hidesResults };
}

function pollOf({ options, days, multiple, hidesResults }: WrittenPoll): NewPoll {
  return {
    options: options.map((option) => option.trim()),
    durationSeconds: days * DAY_SECONDS,
    multiple,
    hidesResults,
  };
}
