import { authorPosts, authorPostsDeep } from './author-posts.js';
import { feedDeepPage } from './feed-deep-page.js';
import { feedFirstPage } from './feed-first-page.js';
import { graphqlFeed } from './graphql-feed.js';
import { noisyNeighbour } from './noisy-neighbour.js';
import { postCreate } from './post-create.js';
import type { Scenario } from './scenario.js';
import { signIn } from './sign-in.js';

/** In the order in which each round runs them: what writes comes last. */
export const scenarios: readonly Scenario[] = [
  feedFirstPage,
  feedDeepPage,
  authorPosts,
  authorPostsDeep,
  graphqlFeed,
  signIn,
  noisyNeighbour,
  postCreate,
];

/** Throws for an unknown name, with the known ones. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) {
    throw new RangeError(`no scenario is called ${name}; there are ${scenarios.map((s) => s.name).join(', ')}`);
  }
  return found;
}
