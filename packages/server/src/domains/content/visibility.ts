import type { Standing } from '../graph/index.js';
import type { Visibility } from './schema.js';

/** How the viewer stands to an author, as far as it decides what they may see. */
export type Sight = Pick<Standing, 'following' | 'hidden'>;

const STRANGER: Sight = { following: false, hidden: false };
const ALL: readonly Visibility[] = ['public', 'followers', 'private'];

/**
 * Which posts of an author a viewer may see: the one place where visibility, follows and blocks meet.
 * @param sight `undefined` without a viewer
 */
export function visibleLevels(
  viewerId: string | null,
  authorId: string,
  sight: Sight | undefined,
): readonly Visibility[] {
  if (viewerId === authorId) return ALL;
  const { hidden, following } = sight ?? STRANGER;
  if (hidden) return [];
  return following ? ['public', 'followers'] : ['public'];
}
