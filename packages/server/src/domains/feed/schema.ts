import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';
import { Post } from '../content/index.js';
import { MAX_NEW_POSTS } from './limits.js';

const closed = { additionalProperties: false } as const;

export const FeedMode = Type.Union([Type.Literal('following'), Type.Literal('ranked')], {
  default: 'following',
  description:
    '`following`: those whom you follow, newest first; `ranked`: their newest posts and what is popular, best first',
});
export type FeedMode = Static<typeof FeedMode>;

export const HomeFeedInput = Type.Object(
  {
    ...pageInput,
    mode: Type.Optional(FeedMode),
    hashtag: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'The feed of a hashtag instead, newest first' }),
    ),
    explain: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether the answer tells why each post is there' }),
    ),
  },
  closed,
);

const PostSource = Type.Union(
  [Type.Literal('own'), Type.Literal('followee'), Type.Literal('popular'), Type.Literal('hashtag')],
  { description: 'Yours, by somebody whom you followed, popular in the community, or with the hashtag' },
);

const ScoreParts = Type.Object(
  {
    recency: Type.Number({ description: 'Minus 1 for each half-life of 12 hours of age' }),
    likes: Type.Number({ description: 'Half of log2(likes + 1)' }),
    follow: Type.Number({ description: '3 for those whom you follow and for yourself' }),
    diversity: Type.Number({ description: 'Minus a half for each better post by the same author' }),
  },
  { ...closed, title: 'ScoreParts', description: 'Of the moment when the first page was read' },
);

const Explanation = Type.Object(
  {
    postId: Id,
    source: PostSource,
    score: Type.Union([Type.Number(), Type.Null()], { description: 'Sum of the parts; null in order of time' }),
    parts: Type.Union([ScoreParts, Type.Null()]),
  },
  { ...closed, title: 'FeedExplanation', description: 'Why a post is in the feed' },
);
export type Explanation = Static<typeof Explanation>;

export const SourceName = Type.Union([Type.Literal('followed'), Type.Literal('popular')]);
export type SourceName = Static<typeof SourceName>;

/** Longest token of a session: that of a cursor. */
const MAX_TOKEN_LENGTH = 512;

const postPage = pageOf(Post);

export const HomeFeed = Type.Object(
  {
    ...postPage.properties,
    session: Type.Union([Type.String(), Type.Null()], {
      description: 'For `/feed/new`, half an hour long; null when the feed goes on without a session',
    }),
    missingSources: Type.Array(SourceName, {
      maxItems: 2,
      description: 'Sources of a ranked feed that failed or were too slow when its first page was read',
    }),
    explanations: Type.Optional(
      Type.Array(Explanation, { maxItems: 100, description: 'Of the items, in their order; with `explain=true` only' }),
    ),
  },
  closed,
);

export const NewPostsInput = Type.Object(
  {
    session: Type.String({
      minLength: 1,
      maxLength: MAX_TOKEN_LENGTH,
      description: '`session` of a page of the feed',
    }),
  },
  closed,
);

export const NewPosts = Type.Object(
  {
    posts: Type.Integer({ minimum: 0, maximum: MAX_NEW_POSTS, description: 'By others, since the first page' }),
    more: Type.Boolean({ description: `Whether there are more than ${MAX_NEW_POSTS}` }),
  },
  { ...closed, title: 'NewPosts' },
);
