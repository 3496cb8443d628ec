import type { Scope } from '../../platform/operation/index.js';
import type { Graph } from '../graph/index.js';
import { firstLink } from './links/first-link.js';
import { type Occurrence, parseBody } from './parse-body.js';
import type { Authors } from './pipeline.js';
import type { PostEntity } from './schema.js';

export interface ReadBodyDeps {
  readonly identity: Pick<Authors, 'userIdsByHandles'>;
  readonly graph: Pick<Graph, 'hiddenUsers'>;
}

/** What a body links to. */
export interface BodyLinks {
  readonly hashtags: string[];
  readonly mentionedUserIds: string[];
  readonly entities: PostEntity[];
  /** The first http(s) link. */
  readonly linkUrl: string | null;
}

/**
 * Hashtags and mentions of a body that the viewer writes, and where they stand. A handle that is nobody's, or whose user
 * a block separates from the viewer, stays a word. Two queries at the most.
 */
export async function readBody({ identity, graph }: ReadBodyDeps, scope: Scope, body: string): Promise<BodyLinks> {
  const { hashtags, handles, hashtagsAt, handlesAt } = parseBody(body);
  const idByHandle = handles.length > 0 ? await identity.userIdsByHandles(scope, handles) : new Map<string, string>();
  const found = handles.flatMap((handle) => idByHandle.get(handle) ?? []);
  const hidden = found.length > 0 ? await graph.hiddenUsers(scope, found) : new Set<string>();
  const mentionedUserIds = found.filter((id) => !hidden.has(id));
  const mentioned = new Set(mentionedUserIds);
  const mentions = handlesAt.flatMap(({ start, end, name }): PostEntity[] => {
    const userId = idByHandle.get(name);
    if (userId === undefined || !mentioned.has(userId)) return [];
    return [{ type: 'mention', start, end, hashtag: null, userId }];
  });
  const entities = [...hashtagsAt.map(hashtagEntity), ...mentions].sort((a, b) => a.start - b.start);
  return { hashtags: [...hashtags], mentionedUserIds, entities, linkUrl: firstLink(body) };
}

export function hashtagEntity({ start, end, name }: Occurrence): PostEntity {
  return { type: 'hashtag', start, end, hashtag: name, userId: null };
}
