import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

/** GraphiQL needs inline styles, and workers made from blobs for its editor. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>GraphiQL - Nova</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/graphiql/graphiql.css">
<style>body{margin:0}#graphiql{height:100vh}</style>
</head>
<body>
<div id="graphiql"></div>
<script src="/graphiql/react.js"></script>
<script src="/graphiql/react-dom.js"></script>
<script src="/graphiql/graphiql.js"></script>
<script src="/graphiql/start.js"></script>
</body>
</html>
`;

const START = `const fetcher = GraphiQL.createFetcher({ url: '/graphql' });
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    defaultQuery: '# Put {"Authorization": "Bearer <token>"} under Headers, then:\\nquery { homeFeed(limit: 10) { items { body author { handle } likeCount } nextCursor } }\\n',
  }),
);
`;

/** GraphiQL at `/graphiql`, for development, from files of the installed packages: nothing comes from elsewhere. */
export function registerGraphiql(server: FastifyInstance): void {
  const require = createRequire(import.meta.url);
  const graphiql = path.dirname(require.resolve('graphiql/package.json'));
  const assets = {
    'react.js': path.join(path.dirname(require.resolve('react/package.json')), 'umd/react.production.min.js'),
    'react-dom.js': path.join(
      path.dirname(require.resolve('react-dom/package.json')),
      'umd/react-dom.production.min.js',
    ),
    'graphiql.js': path.join(graphiql, 'graphiql.min.js'),
    'graphiql.css': path.join(graphiql, 'graphiql.min.css'),
  };
  const headers = { 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache' };
  server.get('/graphiql', (_, reply) => {
    void reply.headers(headers).type('text/html; charset=utf-8').send(PAGE);
  });
  server.get('/graphiql/start.js', (_, reply) => {
    void reply.headers(headers).type('text/javascript; charset=utf-8').send(START);
  });
  for (const [name, file] of Object.entries(assets)) {
    const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    server.get(`/graphiql/${name}`, async (_, reply) => {
      return await reply
        .headers(headers)
        .type(type)
        .send(await readFile(file));
    });
  }
}
