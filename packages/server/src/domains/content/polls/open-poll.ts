import type { WriteHandle } from '../../../platform/db/index.js';
import { platformErrors } from '../../../platform/errors/index.js';
import { insertPoll } from '../queries/polls.js';
import type { NewPoll, Poll } from './schema.js';

/** Opens the poll of a post that is being written; answers it as its author sees it. */
export async function openPoll(
  db: WriteHandle,
  postId: string,
  { options, multiple = false, hidesResults = false, durationSeconds }: NewPoll,
): Promise<Poll> {
  const opened = await db.row(insertPoll, { postId, options, multiple, hidesResults, durationSeconds });
  if (opened === undefined) throw platformErrors.internal();
  return {
    options: options.map((text) => ({ text, votes: 0 })),
    multiple,
    hidesResults,
    voters: 0,
    closesAt: opened.closesAt,
    closed: false,
    votedFor: [],
  };
}
