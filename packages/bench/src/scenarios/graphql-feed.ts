import { isDeepStrictEqual } from 'node:util';
import { expect, expectStatus, type LoadSource } from '../load/load-source.js';
import { getRequest, postRequest } from '../load/request.js';
import { pick, type Random } from '../measure/random.js';
import { FEED_LIMIT } from './feed-first-page.js';
import { type KnownPage, knownPages } from './known-pages.js';
import { digestOf } from './page-walk.js';
import { defineScenario } from './scenario.js';

/** Every field of the REST answer, so that both carry the same. */
const QUERY = `query Feed($limit: Int) {
  homeFeed(limit: $limit) {
    items {
      id
      author { id handle displayName bio role createdAt }
      body imageName language visibility hashtags mentionedUserIds
      entities { type start end hashtag userId }
      replyPolicy custom version editedAt
      media { id ownerId kind alt blurhash variants { name url contentType width height bytes } }
      poll { options { text votes } multiple hidesResults voters closesAt closed votedFor }
      linkPreview { url title description imageUrl siteName }
      likeCount
      viewer { liked }
      createdAt updatedAt
    }
    nextCursor session missingSources
  }
}`;
const BODY = JSON.stringify({ query: QUERY, variables: { limit: FEED_LIMIT } });

interface Context {
  readonly rest: readonly KnownPage[];
  /** The same page by GraphQL, by position. */
  readonly graphql: readonly { readonly token: string; readonly bytes: number; readonly digest: string }[];
}

function graphqlLoad({ graphql }: Context, random: Random): LoadSource {
  const requests = graphql.map(({ token }, index) => postRequest('/graphql', token, BODY, index));
  return {
    next: () => pick(random, requests),
    check(request, response, index) {
      expectStatus(response, 200);
      const known = graphql[request.subject];
      expect(known?.bytes === response.body.length, 'a GraphQL answer has another size than before');
      if (index % 8 === 0) expect(known.digest === digestOf(response.body), 'a GraphQL answer has another content');
    },
  };
}

/** The home feed with its authors as one nested GraphQL query, against the same payload by REST. */
export const graphqlFeed = defineScenario<Context>({
  name: 'graphql-feed',
  title: 'Home feed, nested GraphQL',
  findings: ['A6', 'B1', 'D19'],
  connections: 16,
  openLoopShare: 0.4,
  comparison: {
    kind: 'latency',
    title: 'the same payload by REST',
    load: ({ rest }, random) => knownPages(rest, random),
    bar: { direction: 'at_most', value: 4 },
  },
  goals: [{ finding: 'A6', percentile: 'p95Ms', atMostMs: 100 }],
  async prepare({ api, readers }) {
    const rest: KnownPage[] = [];
    const graphql: { token: string; bytes: number; digest: string }[] = [];
    for (const { token } of readers) {
      const path = `/api/v1/feed?limit=${FEED_LIMIT}`;
      const page = await api.send(getRequest(path, token));
      const nested = await api.send(postRequest('/graphql', token, BODY));
      expectStatus(page, 200);
      expectStatus(nested, 200);
      const { data } = JSON.parse(nested.body.toString()) as { data?: { homeFeed?: unknown } };
      expect(
        isDeepStrictEqual(data?.homeFeed, JSON.parse(page.body.toString())),
        'GraphQL and REST give different home feeds',
      );
      rest.push({ path, token, bytes: page.body.length, digest: digestOf(page.body) });
      graphql.push({ token, bytes: nested.body.length, digest: digestOf(nested.body) });
    }
    return { rest, graphql };
  },
  load: graphqlLoad,
});
