import type { Poll } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { type FormEvent, useId, useState } from 'react';
import { counted } from '../../text/counts.js';
import { timeLeft } from '../../text/relative-time.js';
import { Button } from '../../ui/button.js';
import { classes } from '../../ui/classes.js';
import { Icon } from '../../ui/icon.js';
import { useNotices } from '../../ui/notices.js';
import { changePost, listsOfPosts } from './change-post.js';
import styles from './poll-card.module.css';

interface PollCardProps {
  readonly postId: string;
  readonly poll: Poll;
  readonly canVote: boolean;
}

export function PollCard({ postId, poll, canVote }: PollCardProps) {
  const hasVoted = (poll.votedFor?.length ?? 0) > 0;
  const isOpen = canVote && !poll.closed && !hasVoted;
  return (
    <div className={styles.poll}>
      {isOpen ? <Ballot postId={postId} poll={poll} /> : <Results poll={poll} />}
      <p className={styles.note}>
        {counted(poll.voters, 'vote', 'votes')} · {poll.closed ? 'Closed' : timeLeft(poll.closesAt, Date.now())}
        {poll.hidesResults && !poll.closed && !hasVoted && ' · Results show when you have voted'}
      </p>
    </div>
  );
}

function Ballot({ postId, poll }: { readonly postId: string; readonly poll: Poll }) {
  const nova = useNova();
  const { sayError, say } = useNotices();
  const name = useId();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const vote = useMutation(nova.content.voteInPoll, {
    ahead: (ahead, { options }) =>
      changePost(nova, ahead, postId, (post) =>
        post.poll === null ? post : { ...post, poll: voted(post.poll, options) },
      ),
    invalidates: [nova.content.getPost, ...listsOfPosts(nova)],
  });
  const toggle = (option: number, isOn: boolean): void => {
    const others = poll.multiple ? chosen.filter((other) => other !== option) : [];
    setChosen(isOn ? [...others, option] : others);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (chosen.length === 0) say('Choose an option first.');
    else vote.run({ postId, options: chosen }).catch(sayError);
  };
  return (
    <form className={styles.ballot} onSubmit={submit}>
      <fieldset>
        <legend className="visually-hidden">{poll.multiple ? 'Choose one or several' : 'Choose one'}</legend>
        {poll.options.map(({ text }, option) => (
          <label key={text} className={styles.option}>
            <input
              type={poll.multiple ? 'checkbox' : 'radio'}
              name={name}
              checked={chosen.includes(option)}
              onChange={({ target }) => toggle(option, target.checked)}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <Button type="submit" isSmall isBusy={vote.isRunning}>
        Vote
      </Button>
    </form>
  );
}

function Results({ poll }: { readonly poll: Poll }) {
  const most = Math.max(...poll.options.map(({ votes }) => votes ?? 0));
  return (
    <ul className={styles.results}>
      {poll.options.map(({ text, votes }, option) => {
        const share = votes === null ? null : Math.round((100 * votes) / Math.max(poll.voters, 1));
        const isOwn = poll.votedFor?.includes(option) ?? false;
        return (
          <li
            key={text}
            className={classes(styles.result, votes !== null && votes === most && most > 0 && styles.first)}
          >
            <span className={styles.share} style={{ width: `${share ?? 0}%` }} />
            <span className={styles.text}>
              {text}
              {isOwn && (
                <>
                  <Icon name="check" size={16} />
                  <span className="visually-hidden">, your choice</span>
                </>
              )}
            </span>
            <span>{share === null ? '' : `${share} %`}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** As the poll will be; counts that are hidden stay so until the server tells them. */
function voted(poll: Poll, chosen: readonly number[]): Poll {
  const options = poll.options.map(({ text, votes }, option) => ({
    text,
    votes: votes === null ? null : votes + (chosen.includes(option) ? 1 : 0),
  }));
  return { ...poll, options, voters: poll.voters + 1, votedFor: chosen };
}
