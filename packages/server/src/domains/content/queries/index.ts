import type { Query } from '../../../platform/db/index.js';
import * as hashtags from './hashtags.js';
import * as likes from './likes.js';
import * as personalData from './personal-data.js';
import * as posts from './posts.js';
import * as upkeep from './upkeep.js';

/** Every statement of the domain, for the tests that hold each one to its declaration. */
export const contentQueries: readonly Query[] = [
  ...Object.values(posts),
  ...Object.values(likes),
  ...Object.values(hashtags),
  ...Object.values(upkeep),
  ...Object.values(personalData),
] as readonly Query[];
