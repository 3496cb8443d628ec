import { lengthOf } from '../../text/segments.js';
import type { Writing } from './writing.js';

/** Code points of a post, as the server has it. */
export const MAX_BODY = 5_000;
const MAX_OPTION = 100;

export function checkBody(body: string): string | undefined {
  if (body.trim() === '') return 'Write something first.';
  const over = lengthOf(body) - MAX_BODY;
  return over > 0 ? `${over} characters too many.` : undefined;
}

/** What can be said of a post without asking the server, by the path of the field. */
export function checkWriting(
  { body, poll, publishAt }: Writing,
  now: number,
): Readonly<Record<string, string | undefined>> {
  const options = poll?.options ?? [];
  return {
    body: checkBody(body),
    ...Object.fromEntries(
      options.map((option, at) => [`poll.options.${at}`, checkOption(option, options.slice(0, at))]),
    ),
    publishAt: publishAt === null ? undefined : checkTime(publishAt, now),
  };
}

function checkOption(option: string, before: readonly string[]): string | undefined {
  if (option.trim() === '') return 'Write an option, or remove it.';
  if (lengthOf(option) > MAX_OPTION) return `${MAX_OPTION} characters at the most.`;
  return before.some((other) => other.trim() === option.trim()) ? 'This option is there already.' : undefined;
}

function checkTime(publishAt: string, now: number): string | undefined {
  const time = Date.parse(publishAt);
  if (Number.isNaN(time)) return 'Choose a day and a time.';
  return time <= now ? 'Choose a time that is still to come.' : undefined;
}
