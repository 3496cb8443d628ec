import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';
import { User } from '../identity/index.js';
import { MAX_BODY, MAX_HASHTAG_LENGTH, MAX_HASHTAGS, MAX_MENTIONS } from './limits.js';

const closed = { additionalProperties: false } as const;

export const Visibility = Type.Union([Type.Literal('public'), Type.Literal('followers'), Type.Literal('private')], {
  description: '`public`: everyone; `followers`: the author and their followers; `private`: the author',
});
export type Visibility = Static<typeof Visibility>;

const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

/** A language tag (BCP 47), as the author's client says. */
const Language = Type.String({ pattern: '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}$', maxLength: 30 });

export const Post = Type.Object(
  {
    id: Id,
    author: User,
    body: Type.String({ maxLength: MAX_BODY, description: 'Empty only for a picture without words' }),
    imageName: Type.Union([Type.String(), Type.Null()], { description: 'Name of the picture of an imported post' }),
    language: Type.Union([Type.String(), Type.Null()], { description: 'BCP 47' }),
    visibility: Visibility,
    hashtags: Type.Array(Type.String({ maxLength: MAX_HASHTAG_LENGTH * 2 }), {
      description: 'Normalised (NFKC, small letters), in order of appearance',
    }),
    mentionedUserIds: Type.Array(Id, { maxItems: MAX_MENTIONS }),
    likeCount: Type.Integer({ minimum: 0 }),
    viewer: Type.Union([Type.Object({ liked: Type.Boolean() }, closed), Type.Null()], {
      description: 'What the caller has done with the post; null without a session',
    }),
    createdAt: DateTime,
    updatedAt: DateTime,
  },
  { ...closed, title: 'Post', description: 'A post, as the caller sees it' },
);
export type Post = Static<typeof Post>;

export const PostPage = pageOf(Post);
export const LikerPage = pageOf(User);

export const CreatePostInput = Type.Object(
  {
    body: Type.String({
      minLength: 1,
      maxLength: MAX_BODY,
      pattern: '\\S',
      description: `Not only blanks. The first ${MAX_HASHTAGS} #hashtags and ${MAX_MENTIONS} @handles take effect`,
    }),
    visibility: Type.Optional(Visibility),
    language: Type.Optional(Language),
  },
  closed,
);

export const OnePostInput = Type.Object({ postId: Id }, closed);
export const LikersInput = Type.Object({ postId: Id, ...pageInput }, closed);
export const AuthorListInput = Type.Object({ userId: Id, ...pageInput }, closed);

const HashtagName = Type.String({ minLength: 1, maxLength: 200, description: 'With or without #, in any case' });
export const OneHashtagInput = Type.Object({ hashtag: HashtagName }, closed);
export const HashtagListInput = Type.Object({ hashtag: HashtagName, ...pageInput }, closed);

export const Hashtag = Type.Object(
  {
    hashtag: Type.String({ description: 'Normalised' }),
    posts: Type.Integer({ minimum: 0, description: 'Public posts that carry it; a moment behind' }),
  },
  { ...closed, title: 'Hashtag' },
);

export const LikeState = Type.Object(
  {
    liked: Type.Boolean({ description: 'Whether the viewer likes the post now' }),
    likeCount: Type.Integer({ minimum: 0 }),
  },
  { ...closed, title: 'LikeState' },
);

export const Nothing = Type.Null({ description: 'Nothing' });
