import type { GraphqlBinding } from '../../platform/operation/index.js';
import { EDGE_DEFAULT_LIMIT } from './limits.js';
import type { ContentOperations } from './operations.js';

const typeDefs = `
  enum Visibility {
    "Everyone, or the followers of a private account"
    public
    "The author and their followers"
    followers
    "The author and those on their list of close friends"
    close_friends
    "The author"
    private
  }

  "Who may reply, of those who see the post; its author always may"
  enum ReplyPolicy {
    everyone
    "The author's followers"
    followers
    "Those whom the post mentions"
    mentioned
    nobody
  }

  enum PostEntityType {
    hashtag
    mention
  }

  "What a part of the body stands for"
  type MediaVariant {
    name: String!
    url: String!
    contentType: String
    width: Int
    height: Int
    bytes: Float
  }

  enum MediaKind {
    image
    video
    audio
    file
  }

  "A picture, video, sound or file that is kept elsewhere"
  type Media {
    id: ID!
    ownerId: ID!
    kind: MediaKind!
    alt: String!
    blurhash: String
    variants: [MediaVariant!]! @cost(weight: 20, whole: true)
  }

  input NewMediaVariant {
    name: String!
    url: String!
    contentType: String
    width: Int
    height: Int
    bytes: Float
  }

  type PollOption {
    text: String!
    "null while hidden"
    votes: Int
  }

  type Poll {
    options: [PollOption!]! @cost(weight: 2, whole: true)
    multiple: Boolean!
    "Whether others see results only once they have voted or the poll is closed"
    hidesResults: Boolean!
    "Those who have voted"
    voters: Int!
    closesAt: DateTime!
    closed: Boolean!
    "The options that the caller has chosen, from 0; null without a session"
    votedFor: [Int!]
  }

  "What a page says of itself: show it as text, never as markup"
  type LinkPreview {
    url: String!
    title: String!
    description: String
    imageUrl: String
    siteName: String
  }

  type LinkPreviewSettings {
    "Whether links of posts are fetched and previews shown"
    enabled: Boolean!
  }

  input NewPoll {
    "2 to 10"
    options: [String!]!
    "Whether one may choose several options; default: one"
    multiple: Boolean
    hidesResults: Boolean
    "From the publication of the post"
    durationSeconds: Int!
  }

  type PostEntity {
    type: PostEntityType!
    "In UTF-16 code units, as strings of JavaScript, Java, Kotlin, C# and Dart count"
    start: Int!
    "Exclusive"
    end: Int!
    "Normalised; null for a mention"
    hashtag: String
    "null for a hashtag"
    userId: ID
  }

  type Post {
    id: ID!
    author: User!
    "Empty only for a picture without words"
    body: String! @cost(weight: 15)
    imageName: String
    language: String
    visibility: Visibility!
    "Normalised, in order of appearance"
    hashtags: [String!]! @cost(weight: 9)
    mentionedUserIds: [ID!]! @cost(weight: 2)
    "In order of appearance"
    entities: [PostEntity!]! @cost(weight: 10, whole: true)
    replyPolicy: ReplyPolicy!
    "What the app has put there"
    custom: JSON! @cost(weight: 4)
    "One more with each edit of body, language or custom"
    version: Int!
    "When this version was written; null for the first"
    editedAt: DateTime
    "In the author's order"
    media: [Media!]! @cost(weight: 30, whole: true)
    poll: Poll @cost(weight: 4, whole: true)
    "Of the first link, once it has been fetched"
    linkPreview: LinkPreview @cost(weight: 4, whole: true)
    likeCount: Int!
    "null without a session"
    viewer: PostViewer
    createdAt: DateTime!
    updatedAt: DateTime!
    "The first page; further ones come from listLikers"
    likers(limit: Int = ${EDGE_DEFAULT_LIMIT}): UserPage!
  }

  "What the caller has done with a post"
  type PostViewer {
    liked: Boolean!
  }

  type PostPage {
    items: [Post!]!
    nextCursor: String
  }

  "What a post has said from one edit to the next"
  type PostVersion {
    version: Int!
    body: String! @cost(weight: 15)
    language: String
    entities: [PostEntity!]! @cost(weight: 10, whole: true)
    custom: JSON! @cost(weight: 4)
    writtenAt: DateTime!
  }

  type PostVersionPage {
    items: [PostVersion!]!
    nextCursor: String
  }

  type DeletedPost {
    post: Post!
    deletedAt: DateTime!
    "It is purged afterwards"
    restorableUntil: DateTime!
  }

  type DeletedPostPage {
    items: [DeletedPost!]!
    nextCursor: String
  }

  "A post that is not published; its post will have the same id"
  type Draft {
    id: ID!
    body: String! @cost(weight: 15)
    language: String
    visibility: Visibility!
    replyPolicy: ReplyPolicy!
    custom: JSON! @cost(weight: 4)
    mediaIds: [ID!]!
    "What the poll of the post will be, as it was given"
    poll: JSON
    "null for a draft that is not scheduled"
    publishAt: DateTime
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  type DraftPage {
    items: [Draft!]!
    nextCursor: String
  }

  type Hashtag {
    hashtag: String!
    "Public posts that carry it; a moment behind"
    posts: Int!
  }

  type LikeState {
    liked: Boolean!
    likeCount: Int!
  }

  extend type User {
    "The first page; further ones come from listPostsByAuthor"
    posts(limit: Int = ${EDGE_DEFAULT_LIMIT}): PostPage!
  }

  extend type Query {
    getPost(postId: ID!): Post
    listPostsByAuthor(userId: ID!, limit: Int, cursor: String): PostPage
    listPostsByHashtag(hashtag: String!, limit: Int, cursor: String): PostPage
    listLikers(postId: ID!, limit: Int, cursor: String): UserPage
    getHashtag(hashtag: String!): Hashtag
    listPostVersions(postId: ID!, limit: Int, cursor: String): PostVersionPage
    listDeletedPosts(limit: Int, cursor: String): DeletedPostPage
    getDraft(draftId: ID!): Draft
    getLinkPreviewSettings: LinkPreviewSettings
    getMedia(mediaId: ID!): Media
    listDrafts(scheduled: Boolean, limit: Int, cursor: String): DraftPage
  }

  extend type Mutation {
    createPost(body: String!, visibility: Visibility, language: String, replyPolicy: ReplyPolicy, custom: JSON, mediaIds: [ID!], poll: NewPoll): Post
    "What is not given stays; with ifVersion only if the post is at that version"
    editPost(postId: ID!, body: String, visibility: Visibility, language: String, replyPolicy: ReplyPolicy, custom: JSON, ifVersion: Int): Post
    deletePost(postId: ID!): Boolean
    restorePost(postId: ID!): Post
    createDraft(body: String!, visibility: Visibility, language: String, replyPolicy: ReplyPolicy, custom: JSON, mediaIds: [ID!], poll: NewPoll, publishAt: DateTime): Draft
    updateDraft(draftId: ID!, body: String, visibility: Visibility, language: String, replyPolicy: ReplyPolicy, custom: JSON, mediaIds: [ID!], poll: NewPoll): Draft
    scheduleDraft(draftId: ID!, publishAt: DateTime!): Draft
    unscheduleDraft(draftId: ID!): Draft
    publishDraft(draftId: ID!): Post
    deleteDraft(draftId: ID!): Boolean
    "Once; the same vote again changes nothing"
    voteInPoll(postId: ID!, options: [Int!]!): Poll
    setLinkPreviewSettings(enabled: Boolean!): LinkPreviewSettings
    createMedia(ownerId: ID!, kind: MediaKind!, alt: String, blurhash: String, variants: [NewMediaVariant!]!): Media
    likePost(postId: ID!): LikeState
    unlikePost(postId: ID!): LikeState
  }
`;

export function graphqlBinding(operations: ContentOperations, edges: GraphqlBinding['edges']): GraphqlBinding {
  const { getPost, listPostsByAuthor, listPostsByHashtag, listLikers, getHashtag, ...rest } = operations;
  const { listPostVersions, listDeletedPosts, getDraft, listDrafts, getMedia, getLinkPreviewSettings, ...mutations } =
    rest;
  const queries = {
    getPost,
    listPostsByAuthor,
    listPostsByHashtag,
    listLikers,
    getHashtag,
    listPostVersions,
    listDeletedPosts,
    getDraft,
    listDrafts,
    getMedia,
    getLinkPreviewSettings,
  };
  return { typeDefs, queries, mutations, edges };
}
