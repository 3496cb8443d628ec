import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WEB_CONTENT_SECURITY_POLICY } from '../http/index.js';
import type { WebFile, WebFiles } from './web-files.js';

/**
 * Addresses below these belong to programs: what is not there stays a `404` problem, also for a browser that asks for
 * HTML. Files of the app come by exact name, so a stale `/assets/...` is not answered with a page either.
 */
const NOT_OF_THE_APP = /^\/(api|assets|docs|graphiql|graphql|livez|openapi\.json|readyz)(\/|$)/;
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'public, no-cache';

/** Serves the files of the web app under their names. The page itself comes from `answerWithPage`. */
export function registerWeb(server: FastifyInstance, { others }: WebFiles): void {
  for (const file of others) {
    server.get(file.url, (request, reply) => {
      reply.header('cache-control', file.immutable ? FOR_EVER : ASK_EACH_TIME);
      send(request, reply, file);
    });
  }
}

/**
 * Answers a browser that navigates to an address of the app: `/`, or anything that no route has, since the app finds
 * its way by the address itself.
 *
 * @returns false, and does nothing, when it is not for the app to answer
 */
export function answerWithPage({ page }: WebFiles, request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (!asksForHtml(request.headers.accept) || NOT_OF_THE_APP.test(pathOf(request.url))) return false;
  reply.header('cache-control', ASK_EACH_TIME).header('content-security-policy', WEB_CONTENT_SECURITY_POLICY);
  reply.header('vary', 'accept');
  send(request, reply, page);
  return true;
}

/** Browsers name it when they navigate; programs that take anything (`*\/*`) want no page. */
function asksForHtml(accept = ''): boolean {
  return accept.split(',').some((part) => part.trim().toLowerCase().startsWith('text/html'));
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return (end === -1 ? url : url.slice(0, end)).toLowerCase();
}

function send(request: FastifyRequest, reply: FastifyReply, file: WebFile): void {
  reply.code(200).type(file.type).header('etag', file.etag);
  const accepted = request.headers['accept-encoding'] ?? '';
  const [encoding, body] = /\bbr\b/.test(accepted)
    ? ['br', file.brotli]
    : /\bgzip\b/.test(accepted)
      ? ['gzip', file.gzip]
      : ['', undefined];
  const varied = reply.getHeader('vary');
  reply.header('vary', typeof varied === 'string' ? `${varied}, accept-encoding` : 'accept-encoding');
  if (body !== undefined) reply.header('content-encoding', encoding);
  void reply.send(body ?? file.body);
}
