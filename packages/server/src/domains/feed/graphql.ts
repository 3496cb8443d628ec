import type { BoundOperation, GraphqlBinding } from '../../platform/operation/index.js';

const typeDefs = `
  enum FeedMode {
    "Those whom you follow, newest first"
    following
    "Their newest posts and what is popular, best first"
    ranked
  }

  enum FeedSource {
    "A ranked feed's posts of those whom you follow"
    followed
    "A ranked feed's popular posts"
    popular
  }

  enum PostSource {
    own
    followee
    popular
    hashtag
  }

  "Why a post is in the feed"
  type FeedExplanation {
    postId: ID!
    source: PostSource!
    "Sum of the parts; null in order of time"
    score: Float
    parts: ScoreParts
  }

  "In half-lives, of the moment when the first page was read"
  type ScoreParts {
    recency: Float!
    likes: Float!
    follow: Float!
    diversity: Float!
  }

  type FeedPage {
    items: [Post!]!
    nextCursor: String
    "For newPosts, half an hour long; null when the feed goes on without a session"
    session: String
    "Sources of a ranked feed that failed or were too slow when its first page was read"
    missingSources: [FeedSource!]! @cost(weight: 2)
    "Of the items, in their order; with explain: true only"
    explanations: [FeedExplanation!]
  }

  type NewPosts {
    "By others, since the first page; 99 at the most"
    posts: Int!
    "Whether there are more"
    more: Boolean!
  }

  extend type Query {
    "The posts of the people you follow, and your own, newest first or ranked; or those of a hashtag, newest first"
    homeFeed(limit: Int, cursor: String, mode: FeedMode, hashtag: String, explain: Boolean): FeedPage
    "How many posts are new since the first page of a feed"
    newPosts(session: String!): NewPosts
  }
`;

export function graphqlBinding(homeFeed: BoundOperation, newPosts: BoundOperation): GraphqlBinding {
  return { typeDefs, queries: { homeFeed, newPosts }, mutations: {}, edges: {} };
}
