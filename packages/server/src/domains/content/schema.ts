import Type, { type Static } from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Id } from '../../platform/ids/index.js';
import { User } from '../identity/index.js';
import { Custom } from './custom.js';
import { distinct } from './distinct.js';
import { MAX_BODY, MAX_HASHTAG_LENGTH, MAX_HASHTAGS, MAX_MEDIA, MAX_MENTIONS, MAX_VERSIONS } from './limits.js';
import { LinkPreview } from './links/schema.js';
import { Media } from './media/schema.js';
import { NewPoll, Poll } from './polls/schema.js';

const closed = { additionalProperties: false } as const;

export const Visibility = Type.Union(
  [Type.Literal('public'), Type.Literal('followers'), Type.Literal('close_friends'), Type.Literal('private')],
  {
    description:
      '`public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author',
  },
);
export type Visibility = Static<typeof Visibility>;

export const ReplyPolicy = Type.Union(
  [Type.Literal('everyone'), Type.Literal('followers'), Type.Literal('mentioned'), Type.Literal('nobody')],
  { description: 'Who may reply, of those who see the post; its author always may' },
);
export type ReplyPolicy = Static<typeof ReplyPolicy>;

export const PostEntity = Type.Object(
  {
    type: Type.Union([Type.Literal('hashtag'), Type.Literal('mention')]),
    start: Type.Integer({ minimum: 0 }),
    end: Type.Integer({ minimum: 0, description: 'Exclusive' }),
    hashtag: Type.Union([Type.String(), Type.Null()], { description: 'Normalised; null for a mention' }),
    userId: Type.Union([Id, Type.Null()], { description: 'null for a hashtag' }),
  },
  { ...closed, title: 'PostEntity', description: 'What a part of the body stands for' },
);
export type PostEntity = Static<typeof PostEntity>;

const Entities = Type.Array(PostEntity, {
  description:
    'In order; `start` and `end` count UTF-16 code units of `body`, as strings of JavaScript, Java, Kotlin, C# and Dart do',
});

export const DateTime = Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' });

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
    entities: Entities,
    replyPolicy: ReplyPolicy,
    custom: Custom,
    version: Type.Integer({ minimum: 1, description: 'One more with each edit of body, language or custom' }),
    editedAt: Type.Union([DateTime, Type.Null()], { description: 'When this version was written; null for the first' }),
    media: Type.Array(Media, { maxItems: MAX_MEDIA }),
    poll: Type.Union([Poll, Type.Null()]),
    linkPreview: Type.Union([LinkPreview, Type.Null()], { description: 'Of the first link, once it has been fetched' }),
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

export const Body = Type.String({
  minLength: 1,
  maxLength: MAX_BODY,
  pattern: '\\S',
  description: `Not only blanks. The first ${MAX_HASHTAGS} #hashtags and ${MAX_MENTIONS} @handles take effect`,
});

/** What an author says of a post beside its body. */
export const postSettings = {
  visibility: Type.Optional(Visibility),
  language: Type.Optional(Language),
  replyPolicy: Type.Optional(ReplyPolicy),
  custom: Type.Optional(Custom),
};

/** What a post is given for good when it is written. */
export const attachments = {
  mediaIds: Type.Optional(
    distinct(Type.Array(Id, { maxItems: MAX_MEDIA, description: 'Media of your own, in order' })),
  ),
  poll: Type.Optional(NewPoll),
};

export const CreatePostInput = Type.Object({ body: Body, ...postSettings, ...attachments }, closed);

export const EditPostInput = Type.Object(
  {
    postId: Id,
    body: Type.Optional(Body),
    ...postSettings,
    ifVersion: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_VERSIONS, description: 'Refuse the edit unless this is the version' }),
    ),
  },
  closed,
);

const PostVersion = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    body: Type.String({ maxLength: MAX_BODY }),
    language: Type.Union([Type.String(), Type.Null()]),
    entities: Entities,
    custom: Custom,
    writtenAt: DateTime,
  },
  { ...closed, title: 'PostVersion', description: 'What a post has said from one edit to the next' },
);
export const PostVersionPage = pageOf(PostVersion);

const DeletedPost = Type.Object(
  {
    post: Post,
    deletedAt: DateTime,
    restorableUntil: Type.String({ maxLength: 27, description: 'RFC 3339; it is purged afterwards' }),
  },
  { ...closed, title: 'DeletedPost' },
);
export const DeletedPostPage = pageOf(DeletedPost);
export const OwnListInput = Type.Object({ ...pageInput }, closed);

export const OnePostInput = Type.Object({ postId: Id }, closed);
export const LikersInput = Type.Object({ postId: Id, ...pageInput }, closed);
export const PostVersionsInput = Type.Object({ postId: Id, ...pageInput }, closed);
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
