import Fastify from 'fastify';

/** The answer to give, as a real one was: headers of the connection and its framing excluded. */
export interface StaticAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
}

export interface StaticServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The product's HTTP server library with one answer that is ready in memory: the most that any application on it
 * could reach for this answer.
 */
export function startStaticServer({ headers, bodyBase64 }: StaticAnswer): Promise<StaticServer> {
  const fastify = Fastify({ logger: false });
  const body = Buffer.from(bodyBase64, 'base64');
  fastify.get('/static', (_request, reply) => {
    reply.headers(headers);
    return reply.send(body);
  });
  return fastify.listen({ host: '127.0.0.1', port: 0 }).then((url) => ({ url, close: () => fastify.close() }));
}

/** Set by the HTTP server itself on every answer. */
const FRAMING = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** The answer that repeats another, from its head as received. */
export function staticAnswerOf(head: string, body: Buffer): StaticAnswer {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (!FRAMING.has(name)) headers[name] = line.slice(colon + 1).trim();
  }
  return { headers, bodyBase64: body.toString('base64') };
}
