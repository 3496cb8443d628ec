import { defineCommand } from 'citty';
import { DEFAULT_SIZE, seedCommunity } from '../imports/index.js';
import { withNova } from './open-nova.js';
import { run } from './run.js';
import { runImport } from './run-import.js';
import { createTerminal } from './terminal.js';
import { wholeNumber } from './usage-error.js';

export const seed = defineCommand({
  meta: { name: 'seed', description: 'Make a synthetic community; the same seed makes the same one' },
  args: {
    users: { type: 'string', default: '1000', description: 'How many users, 2 to 100,000' },
    seed: { type: 'string', default: '1', description: 'Any whole number up to 2^32' },
    follows: {
      type: 'string',
      default: String(DEFAULT_SIZE.followsPerUser),
      description: 'Follows by a user on average',
    },
    posts: { type: 'string', default: String(DEFAULT_SIZE.postsPerUser), description: 'Posts by a user on average' },
    likes: { type: 'string', default: String(DEFAULT_SIZE.likesPerPost), description: 'Likes of a post on average' },
  },
  run: ({ args }) =>
    run(async () => {
      const size = {
        users: wholeNumber('users', args.users, 2, 100_000),
        followsPerUser: wholeNumber('follows', args.follows, 0, 500),
        postsPerUser: wholeNumber('posts', args.posts, 0, 100),
        likesPerPost: wholeNumber('likes', args.likes, 0, 100),
      };
      const seedNumber = wholeNumber('seed', args.seed, 0, 2 ** 32 - 1);
      await withNova((nova, { deployment }) =>
        runImport(nova, deployment.addresses, createTerminal(), (community, progress) =>
          seedCommunity(community, seedNumber, size, progress),
        ),
      );
    }),
});
