import { bindOperation, type DomainBindings } from '../../platform/operation/index.js';
import * as queries from './queries.js';
import { type HomeFeedDeps, readHomeFeed } from './read-home-feed.js';

export const feedQueries = Object.values(queries);

export interface Feed {
  readonly bindings: DomainBindings;
}

export function createFeed(deps: HomeFeedDeps): Feed {
  const homeFeed = bindOperation(readHomeFeed, deps);
  return {
    bindings: {
      rest: [{ method: 'GET', path: '/feed', operation: homeFeed, status: 200 }],
      graphql: {
        typeDefs: `
          extend type Query {
            "The posts of the people you follow, and your own, newest first"
            homeFeed(limit: Int, cursor: String): PostPage
          }
        `,
        queries: { homeFeed },
        mutations: {},
        edges: {},
      },
    },
  };
}
