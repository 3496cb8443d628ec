import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type NovaError, platformErrors } from '../../platform/errors/index.js';

/** The longest part of the parser's message that is told. */
const MAX_REASON = 120;

/**
 * Takes `application/json` in UTF-8, plain, and nothing else (415). An empty body stays `undefined`, so that
 * DELETE with a content type works; whoever needs a body says so.
 */
export function acceptJsonOnly(server: FastifyInstance): void {
  // Refuses __proto__ and constructor.prototype: whoever merges a body later must not be able to go wrong.
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const refused = refuseEncoding(request) ?? (isUtf8(body) ? null : malformed('is not valid UTF-8'));
    if (refused !== null) {
      done(refused);
      return;
    }
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    const text = body.toString('utf8');
    // Typed as if it could answer with a promise; it calls back at once.
    void parse(request, text, (error, value) => {
      if (error) done(malformed(reasonOf(text)));
      else done(null, value);
    });
  });
}

function refuseEncoding({ headers }: FastifyRequest): NovaError | null {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return platformErrors.unsupported_media_type({ detail: 'send the body without Content-Encoding' });
  }
  const type = headers['content-type'] ?? '';
  if (type.includes('=') && !/^[^;]+;\s*charset\s*=\s*"?utf-?8"?\s*;?\s*$/i.test(type)) {
    return platformErrors.unsupported_media_type({ detail: 'application/json takes no parameter but charset=utf-8' });
  }
  return null;
}

function malformed(reason: string): NovaError {
  return platformErrors.invalid_request({ problems: [{ path: '', reason: `the body ${reason}` }] });
}

/** Why the text was refused: found by parsing once more, which only costs those who sent it. */
function reasonOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the fault, which may hold a secret: the position tells as much.
    const message = (error as Error).message.replace(/,? ?(?:\.\.\.)?"[\s\S]*"(?:\.\.\.)? is not valid JSON$/, '');
    return `is not valid JSON: ${message.slice(0, MAX_REASON)}`;
  }
  return 'must not contain a field named __proto__ or constructor.prototype';
}
