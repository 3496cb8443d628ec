import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { contentErrors } from '../errors.js';
import { pollVoted } from '../events.js';
import { type PipelineDeps, viewPost } from '../pipeline.js';
import { castVote } from '../queries/polls.js';
import { readPolls } from './read-polls.js';
import { Poll, VoteInput } from './schema.js';

/**
 * Votes in the poll of a post that the viewer sees, once; the same vote again changes nothing. Errors: `not_found`, also
 * for a post without a poll; `poll_closed`; `already_voted`.
 */
export const voteInPoll = writeOperation({
  name: 'voteInPoll',
  summary: 'Vote in the poll of a post',
  access: 'user',
  input: VoteInput,
  output: Poll,
  async run(deps: PipelineDeps, scope, { postId, options }) {
    const { userId } = requireViewer(scope);
    const { stored, poll } = await viewPost(deps, scope, postId);
    if (poll === undefined) throw platformErrors.not_found({ detail: 'the post has no poll' });
    const refuse = (reason: string) => {
      throw platformErrors.invalid_request({ problems: [{ path: 'options', reason }] });
    };
    if (options.some((option) => option >= poll.options.length)) refuse(`must be below ${poll.options.length}`);
    if (!poll.multiple && options.length > 1) refuse('must be one: this poll has a single choice');
    const vote = await scope.db.row(castVote, { postId, userId, options });
    // The poll as it is now: of a vote that this one has waited for as well.
    const now = (await readPolls(scope, [stored])).get(postId);
    if (now === undefined) throw platformErrors.not_found({ detail: 'the post has no poll' });
    if (vote?.changed === 1) {
      scope.db.emit(pollVoted(postId, userId));
      return now;
    }
    if (isSame(now.votedFor ?? [], options)) return now;
    throw (now.votedFor ?? []).length > 0 ? contentErrors.already_voted() : contentErrors.poll_closed();
  },
});

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((option) => b.includes(option));
}
