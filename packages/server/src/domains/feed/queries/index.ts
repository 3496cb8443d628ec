import type { Query } from '../../../platform/db/index.js';
import * as hashtags from './hashtags.js';
import * as home from './home.js';
import * as popular from './popular.js';
import * as sessions from './sessions.js';

/** Every statement of the domain, for the tests that hold each one to its declaration. */
export const feedQueries: readonly Query[] = [
  ...Object.values(home),
  ...Object.values(hashtags),
  ...Object.values(popular),
  ...Object.values(sessions),
] as readonly Query[];
