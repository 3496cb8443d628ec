import type { Standing } from '../graph/index.js';
import type { Visibility } from './schema.js';

/** How the viewer stands to an author, as far as it decides what they may see. */
export type Sight = Pick<Standing, 'following' | 'hidden' | 'isPrivate' | 'closeFriend'>;

const ALL: readonly Visibility[] = ['public', 'followers', 'close_friends', 'private'];

/**
 * Which posts of an author a viewer may see: the one place where visibility, private accounts, follows, close friends and blocks meet.
 * @param sight `undefined` when nothing is known of the author: nothing is shown
 */
export function visibleLevels(
  viewerId: string | null,
  authorId: string,
  sight: Sight | undefined,
): readonly Visibility[] {
  if (viewerId === authorId) return ALL;
  if (sight === undefined || sight.hidden) return [];
  if (sight.isPrivate && !sight.following) return [];
  return ALL.filter(
    (level) =>
      level === 'public' ||
      (level === 'followers' && sight.following) ||
      (level === 'close_friends' && sight.closeFriend),
  );
}
