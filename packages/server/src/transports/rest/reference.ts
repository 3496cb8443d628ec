import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { ErrorCatalogue } from '../../platform/errors/index.js';
import { REFERENCE_CONTENT_SECURITY_POLICY } from '../http/index.js';
import { type OpenApiOptions, renderOpenApi } from './openapi.js';

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="0" y="29" font-family="system-ui,sans-serif" font-size="28" font-weight="700" fill="#fff">Nova</text></svg>';

/**
 * The reference for people and programs: `/docs` (Swagger UI from local files), `/docs/errors` (the catalogue
 * that `type` of a problem leads to) and `/openapi.json`. Public, and the same for everybody.
 */
export function registerReference(server: FastifyInstance, options: OpenApiOptions): void {
  const document = renderOpenApi(options);
  const errors = errorPage(options.catalogue);

  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', (_request, reply, next) => {
      reply.header('content-security-policy', REFERENCE_CONTENT_SECURITY_POLICY);
      reply.header('cache-control', 'public, no-cache');
      next();
    });
    scope.get('/openapi.json', (_request, reply) => {
      reply.type('application/json; charset=utf-8').send(document);
    });
    scope.get('/docs/errors', (_request, reply) => {
      reply.type('text/html; charset=utf-8').send(errors);
    });
    void scope.register(swagger, { mode: 'static', specification: { document: JSON.parse(document) } });
    void scope.register(swaggerUi, {
      routePrefix: '/docs',
      theme: { title: 'Nova API' },
      logo: { type: 'image/svg+xml', content: LOGO, href: '/docs' },
      uiConfig: { deepLinking: true, persistAuthorization: false, url: '/openapi.json', validatorUrl: null },
    });
    done();
  });
}

function errorPage(catalogue: ErrorCatalogue): string {
  const rows = Object.entries(catalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title, retryable }]) =>
        `<tr id="${escapeHtml(code)}"><td><code>${escapeHtml(code)}</code></td><td>${status}</td>` +
        `<td>${escapeHtml(title)}</td><td>${retryable ? 'yes' : 'no'}</td></tr>`,
    );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Errors - Nova</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem}td,th{padding:.25rem 1rem;text-align:left}:target{background:#ffc}</style>
</head>
<body>
<h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> with one of these codes.</p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>May succeed when repeated</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
