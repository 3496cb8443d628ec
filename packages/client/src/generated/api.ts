// Written by `npm run generate` from generated/openapi.json.

import { type ContentApi, content } from './domains/content.js';
import { type FeedApi, feed } from './domains/feed.js';
import { type GraphApi, graph } from './domains/graph.js';
import { type IdentityApi, identity } from './domains/identity.js';
import { type TenancyApi, tenancy } from './domains/tenancy.js';

/** Every operation of Nova, by domain. */
export interface NovaApi {
  /** Posts, hashtags and likes */
  readonly content: ContentApi;
  /** The home feed */
  readonly feed: FeedApi;
  /** Who follows and who blocks whom */
  readonly graph: GraphApi;
  /** Accounts, sessions and profiles */
  readonly identity: IdentityApi;
  /** API keys of your app */
  readonly tenancy: TenancyApi;
}

export const domains = { content, feed, graph, identity, tenancy };
