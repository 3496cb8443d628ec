import type { Cursors } from '../../platform/cursor/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Feed } from './feeds.js';

/** Which session of a viewer, and of what kind of feed. */
export interface SessionRef {
  readonly feed: Feed['kind'];
  readonly sessionId: string;
}

const listOf = ({ tenant }: Scope, viewerId: string) => `feed-session/${tenant.id}/${viewerId}`;

export function encodeSession(
  cursors: Cursors,
  scope: Scope,
  viewerId: string,
  { feed, sessionId }: SessionRef,
): string {
  return cursors.encode(listOf(scope, viewerId), { key: feed, id: sessionId });
}

/** Throws `invalid_cursor`, in the same words for those of others and for those that nobody has. */
export function decodeSession(cursors: Cursors, scope: Scope, viewerId: string, token: string): SessionRef {
  try {
    const { key, id } = cursors.decode(listOf(scope, viewerId), token);
    return { feed: key as Feed['kind'], sessionId: id };
  } catch (cause) {
    throw platformErrors.invalid_cursor({ detail: 'this is not a session of your feed', cause });
  }
}
