import type { GraphqlBinding } from '../../platform/operation/index.js';
import { EDGE_DEFAULT_LIMIT } from './limits.js';
import type { ContentOperations } from './operations.js';

const typeDefs = `
  enum Visibility {
    "Everyone"
    public
    "The author and their followers"
    followers
    "The author"
    private
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
  }

  extend type Mutation {
    createPost(body: String!, visibility: Visibility, language: String): Post
    deletePost(postId: ID!): Boolean
    likePost(postId: ID!): LikeState
    unlikePost(postId: ID!): LikeState
  }
`;

export function graphqlBinding(operations: ContentOperations, edges: GraphqlBinding['edges']): GraphqlBinding {
  const { createPost, deletePost, likePost, unlikePost, ...queries } = operations;
  return { typeDefs, queries, mutations: { createPost, deletePost, likePost, unlikePost }, edges };
}
