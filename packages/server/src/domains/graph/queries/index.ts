import type { Query } from '../../../platform/db/index.js';
import * as changes from './changes.js';
import * as lists from './lists.js';
import * as personalData from './personal-data.js';
import * as upkeep from './upkeep.js';

/** Every statement of the domain, for the tests that hold each one to its declaration. */
export const graphQueries: readonly Query[] = [
  ...Object.values(changes),
  ...Object.values(lists),
  ...Object.values(upkeep),
  ...Object.values(personalData),
] as readonly Query[];
