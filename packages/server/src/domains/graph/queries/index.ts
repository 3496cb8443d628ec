import type { Query } from '../../../platform/db/index.js';
import * as changes from './changes.js';
import * as listUpkeep from './list-upkeep.js';
import * as lists from './lists.js';
import * as mutes from './mutes.js';
import * as mutuals from './mutuals.js';
import * as personalData from './personal-data.js';
import * as relationMemory from './relation-memory.js';
import * as requests from './requests.js';
import * as standings from './standings.js';
import * as upkeep from './upkeep.js';
import * as userLists from './user-lists.js';

/** Every statement of the domain, for the tests that hold each one to its declaration. */
export const graphQueries: readonly Query[] = [
  ...Object.values(changes),
  ...Object.values(listUpkeep),
  ...Object.values(lists),
  ...Object.values(mutes),
  ...Object.values(mutuals),
  ...Object.values(relationMemory),
  ...Object.values(requests),
  ...Object.values(standings),
  ...Object.values(upkeep),
  ...Object.values(personalData),
  ...Object.values(userLists),
] as readonly Query[];
