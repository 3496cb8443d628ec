import type { Query } from '../../../platform/db/index.js';
import * as drafts from './drafts.js';
import * as hashtags from './hashtags.js';
import * as likes from './likes.js';
import * as links from './links.js';
import * as media from './media.js';
import * as ownPosts from './own-posts.js';
import * as polls from './polls.js';
import * as posts from './posts.js';
import * as upkeep from './upkeep.js';

/** Every statement of the domain, for the tests that hold each one to its declaration. */
export const contentQueries: readonly Query[] = [
  ...statementsOf(posts),
  ...statementsOf(ownPosts),
  ...statementsOf(drafts),
  ...statementsOf(polls),
  ...statementsOf(media),
  ...statementsOf(links),
  ...statementsOf(likes),
  ...statementsOf(hashtags),
  ...statementsOf(upkeep),
];

/** Modules also share columns and conditions, which are no statements. */
function statementsOf(module: object): readonly Query[] {
  return Object.values(module).filter((value) => typeof value === 'object' && value !== null && 'text' in value);
}
