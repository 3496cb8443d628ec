import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { platformErrors } from '../../platform/errors/index.js';
import { bindOperation, readOperation } from '../../platform/operation/index.js';
import { startToyServer, toyBindings } from '../../testing/toy-api.js';
import { renderOpenApi } from './openapi.js';
import { registerReference } from './reference.js';

const bindings = toyBindings({ slow: async () => {} });
const options = {
  version: '1.2.3',
  domains: [{ name: 'toy', description: 'Toys', bindings }],
  catalogue: platformErrors.catalogue,
};

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, Record<string, unknown>>>;
}
interface Operation {
  readonly operationId: string;
  readonly tags: string[];
  readonly security: object[];
  readonly parameters: Record<string, unknown>[];
  readonly requestBody?: { required: boolean; content: Record<string, { schema: Record<string, unknown> }> };
  readonly responses: Record<string, Record<string, unknown>>;
}

const document = JSON.parse(renderOpenApi(options)) as Document;
const operation = (path: string, method: string) => document.paths[`/api/v1${path}`]?.[method] as Operation;

describe('the document', () => {
  test('is the same byte by byte each time', () => {
    expect(renderOpenApi({ ...options, domains: [{ ...options.domains[0]!, bindings: [...bindings] }] })).toBe(
      renderOpenApi(options),
    );
  });

  test('has every binding once, with an id, a tag, and references that lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    expect(operations).toHaveLength(bindings.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(bindings.length);
    for (const { tags } of operations) expect(tags).toEqual(['toy']);
    for (const [, path] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = (path ?? '')
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect(target, path).toBeDefined();
    }
  });

  test('tells path, query and body apart', () => {
    const { parameters } = operation('/echo/{noteId}', 'get');
    expect(parameters).toContainEqual({
      name: 'noteId',
      in: 'path',
      required: true,
      schema: { type: 'string', maxLength: 40 },
    });
    expect(parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      description: 'Items',
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    });
    expect(parameters.find(({ name }) => name === 'ids')).toMatchObject({ style: 'form', explode: false });
    const change = operation('/notes/{noteId}', 'patch');
    expect(change.parameters.map(({ name, $ref }) => name ?? $ref)).toEqual([
      'noteId',
      '#/components/parameters/IdempotencyKey',
    ]);
    expect(change.requestBody).toEqual({
      required: false,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { text: { type: 'string', maxLength: 1000 } },
            additionalProperties: false,
          },
        },
      },
    });
    expect(operation('/notes', 'post').requestBody).toMatchObject({ required: true });
    expect(operation('/notes/{noteId}', 'delete').requestBody).toBeUndefined();
  });

  test('says who may call', () => {
    expect(operation('/notes', 'post').security).toEqual([{ sessionToken: [] }]);
    expect(operation('/notes/{noteId}', 'patch').security).toEqual([{ secretKey: [] }]);
    expect(operation('/notes/{noteId}', 'get').security).toContainEqual({});
  });

  test('lists the refusals of an operation and the codes of the product', () => {
    expect(Object.keys(operation('/notes/{noteId}', 'patch').responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '429',
      '500',
      '503',
      'default',
    ]);
    expect(Object.keys(operation('/notes', 'get').responses)).not.toContain('404');
    expect(document.components['schemas']?.['Problem']).toMatchObject({
      properties: { code: { enum: Object.keys(platformErrors.catalogue).sort() } },
    });
  });

  test('keeps a titled schema once', () => {
    expect(operation('/notes/{noteId}', 'get').responses['200']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } },
    });
    expect(document.components['schemas']?.['Note']).toMatchObject({ type: 'object', description: 'A toy' });
  });

  test('refuses two schemas of one title', () => {
    const other = bindOperation(
      readOperation({
        name: 'toy.other',
        summary: 'Other',
        access: 'anyone',
        input: Type.Object({}, { additionalProperties: false }),
        output: Type.Object({}, { title: 'Note' }),
        run: async () => ({}),
      }),
      {},
    );
    const clash = { method: 'GET', path: '/other', operation: other, status: 200 } as const;
    const domains = [{ name: 'toy', description: 'Toys', bindings: [...bindings, clash] }];
    expect(() => renderOpenApi({ ...options, domains })).toThrow('two schemas are titled Note');
  });
});

describe('the reference pages', () => {
  let server: Awaited<ReturnType<typeof startToyServer>>;
  beforeAll(async () => {
    server = await startToyServer({ extend: ({ fastify }) => registerReference(fastify, options) });
  });
  afterAll(async () => {
    await server.close();
  });

  test('/openapi.json is the document', async () => {
    const response = await fetch(`${server.origin}/openapi.json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.text()).toBe(renderOpenApi(options));
  });

  test('/docs loads scripts and styles from this server only', async () => {
    const response = await fetch(`${server.origin}/docs`);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    const sources = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\//);
      expect((await fetch(server.origin + source)).status).toBe(200);
    }
    expect(page).not.toMatch(/<script>|on\w+="/);
  });

  test('/docs/errors explains every code that a problem may lead to', async () => {
    const page = await (await fetch(`${server.origin}/docs/errors`)).text();
    for (const code of Object.keys(platformErrors.catalogue)) expect(page).toContain(`<tr id="${code}">`);
    const problem = (await (await fetch(`${server.origin}/nowhere`)).json()) as { type: string };
    expect(problem.type).toBe('/docs/errors#not_found');
  });

  test('other answers keep the strict policy', async () => {
    for (const path of ['/api/v1/notes/one', '/nowhere', '/livez']) {
      const response = await fetch(server.origin + path);
      expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    }
  });
});
