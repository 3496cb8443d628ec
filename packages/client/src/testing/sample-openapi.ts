/** A document with everything that the generator knows. Tests change a copy of it. */
export function sampleOpenApi() {
  const problem = { $ref: '#/components/responses/Problem' };
  const user = { $ref: '#/components/schemas/Person' };
  const nullableText = { anyOf: [{ type: 'string' }, { type: 'null' }] };
  const pageOf = (item: unknown) => ({
    type: 'object',
    properties: { items: { type: 'array', items: item }, nextCursor: nullableText },
    required: ['items', 'nextCursor'],
    additionalProperties: false,
  });
  const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
  const ok = (schema: unknown) => ({ '200': { description: 'OK', ...json(schema) }, default: problem });
  const cursor = { name: 'cursor', in: 'query', required: false, schema: { type: 'string', maxLength: 512 } };
  const id = { name: 'personId', in: 'path', required: true, schema: { type: 'string' } };
  return {
    openapi: '3.1.0',
    servers: [{ url: '/' }],
    tags: [
      { name: 'people', description: 'Who is there' },
      { name: 'old-things', description: 'What is kept */ for long' },
      { name: 'empty', description: 'Nothing yet' },
    ],
    paths: {
      '/api/v1/people/{personId}': {
        get: {
          operationId: 'getPerson',
          summary: 'A person',
          description: 'Seen by the caller.',
          tags: ['people'],
          security: [{}, { sessionToken: [] }],
          parameters: [id],
          responses: ok(user),
        },
        patch: {
          operationId: 'changePerson',
          summary: 'Change a person',
          tags: ['people'],
          security: [{ secretKey: [] }],
          deprecated: true,
          parameters: [
            id,
            { name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } },
            { $ref: '#/components/parameters/IdempotencyKey' },
          ],
          requestBody: {
            required: true,
            ...json({
              type: 'object',
              properties: {
                name: { type: ['string', 'null'], description: 'What people read', default: 'x' },
                'odd-name': { enum: ['a', "it's", 1, null] },
                settings: { type: 'object', patternProperties: { '^.*$': { type: 'integer' } } },
              },
              required: ['name'],
              additionalProperties: false,
            }),
          },
          responses: { '204': { description: 'Done' }, default: problem },
        },
      },
      '/api/v1/me': {
        get: {
          summary: 'A person',
          tags: ['people'],
          security: [{ sessionToken: [] }],
          responses: ok(user),
        },
      },
      '/api/v1/people': {
        get: {
          operationId: 'listPeople',
          summary: 'All of them',
          tags: ['people'],
          security: [{ sessionToken: [] }],
          parameters: [
            {
              name: 'ids',
              in: 'query',
              required: true,
              style: 'form',
              explode: false,
              schema: { type: 'array', items: { type: 'string' } },
            },
            cursor,
          ],
          responses: ok(pageOf(user)),
        },
      },
      '/api/v1/things': {
        get: {
          operationId: 'listThings',
          summary: 'Things, with more than a page',
          tags: ['old-things'],
          parameters: [cursor],
          responses: ok({ $ref: '#/components/schemas/ThingPage' }),
        },
      },
      '/api/v1/counts': {
        get: {
          operationId: 'getCounts',
          summary: 'Counts',
          tags: ['old-things'],
          responses: ok({ type: 'object', properties: { n: { type: 'number' }, more: {} }, required: ['n'] }),
        },
      },
    } as Record<string, Record<string, Record<string, unknown>>>,
    components: {
      schemas: {
        Person: {
          type: 'object',
          title: 'Person',
          description: 'A person',
          properties: {
            id: { type: 'string', description: 'UUID' },
            friends: { type: 'array', items: { anyOf: [user, { type: 'null' }] } },
            tags: { type: 'array', items: { type: 'array', items: { const: 'x' } } },
            nick: { type: 'string' },
            extra: { type: 'object', additionalProperties: { type: 'boolean' } },
            nothing: { type: 'object', properties: {}, additionalProperties: false },
          },
          required: ['id', 'friends'],
          additionalProperties: false,
        } as Record<string, unknown>,
        ThingPage: {
          ...pageOf({ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }),
          properties: {
            items: {
              type: 'array',
              items: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
            },
            nextCursor: nullableText,
            newCount: { type: 'integer' },
          },
        },
        Problem: { type: 'object', properties: { code: { type: 'string', enum: ['gone', 'invalid_request'] } } },
      } as Record<string, Record<string, unknown>>,
      parameters: { IdempotencyKey: { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } } },
      responses: { Problem: { description: 'An error' } },
    },
  };
}
