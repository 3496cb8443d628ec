import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readOpenApi } from '../scripts/read-openapi.mjs';
import { renderClient } from '../scripts/render-client.mjs';
import { sampleOpenApi } from './testing/sample-openapi.js';

type Sample = ReturnType<typeof sampleOpenApi>;
const render = (document: unknown) => renderClient(readOpenApi(document));
/** Not formatted yet: blanks mean nothing. */
const packed = (text: string | undefined) => (text ?? '').replaceAll(/\s+/g, ' ');

describe('what is generated', () => {
  const files = render(sampleOpenApi());
  const people = packed(files['domains/people.ts']);
  const things = packed(files['domains/old-things.ts']);
  const schemas = packed(files['schemas.ts']);

  test('is the same each time, in files by domain; a domain without operations has none', () => {
    expect(render(sampleOpenApi())).toEqual(files);
    expect(Object.keys(files)).toEqual([
      'schemas.ts',
      'error-codes.ts',
      'domains/old-things.ts',
      'domains/people.ts',
      'api.ts',
      'operations.ts',
      'types.ts',
    ]);
  });

  test.each([
    ['a nested reference that may be null', 'readonly friends: readonly (Person | null)[];'],
    ['lists of lists', "readonly tags?: readonly (readonly 'x'[])[] | undefined;"],
    ['an optional field', 'readonly nick?: string | undefined;'],
    ['free fields of a type', 'readonly extra?: { readonly [key: string]: boolean } | undefined;'],
    ['a closed object without fields', 'readonly nothing?: { readonly [key: string]: never } | undefined;'],
    ['a description', '/** UUID */ readonly id: string;'],
    ['a component', '/** A person */ export interface Person {'],
  ])('%s becomes its type', (_what, text) => expect(schemas).toContain(text));

  test.each([
    ['types by list, and defaults', '* What people read * @default "x" */ readonly name: string | null;'],
    ['enumerations, quotes and names that are none', "readonly 'odd-name'?: 'a' | 'it\\'s' | 1 | null | undefined;"],
    ['records', 'readonly settings?: { readonly [key: string]: number } | undefined;'],
    ['headers as fields', 'readonly ifMatch: string;'],
    ['headers on their way', "headers: { ifMatch: 'If-Match' }"],
    ['an answer without a body', 'changePerson: Operation<ChangePersonInput, void>'],
    ['a body and a key', 'hasBody: true, takesIdempotencyKey: true'],
    ['who may call', '* Takes a secret key: `PATCH /api/v1/people/{personId}`. * @deprecated'],
    ['what it does', '* A person * Seen by the caller. * Anyone may call it: `GET /api/v1/people/{personId}`.'],
    ['a list', 'listPeople: PagedOperation<ListPeopleInput, Page<Person>>'],
    ['lists in the query', 'readonly ids: readonly string[];'],
  ])('%s become what a caller needs', (_what, text) => expect(people).toContain(text));

  test('a page that is a component, with more fields, is a list of its own type', () => {
    expect(things).toContain('listThings: PagedOperation<ListThingsInput, ThingPage>');
    expect(things).toContain("import type { ThingPage } from '../schemas.js'");
    expect(things).toContain(
      'export interface GetCountsOutput { readonly n: number; readonly more?: unknown | undefined; }',
    );
  });

  test('the second path of an operation makes no second method', () => {
    expect(people).not.toContain('/api/v1/me');
  });

  test('a tag with a hyphen makes a name, and no text ends a comment', () => {
    expect(packed(files['api.ts'])).toContain('/** What is kept *\\/ for long */ readonly oldThings: OldThingsApi;');
    expect(packed(files['error-codes.ts'])).toContain("ServerErrorCode = 'gone' | 'invalid_request';");
  });
});

describe('what is refused', () => {
  const operation = (sample: Sample, path: string, method: string) => sample.paths[path]?.[method] ?? {};
  const getPerson = (sample: Sample) => operation(sample, '/api/v1/people/{personId}', 'get');
  const changes: readonly (readonly [string, (sample: Sample) => unknown, RegExp])[] = [
    ['another version', (s) => Object.assign(s, { openapi: '3.0.3' }), /3\.0\.3, not 3\.1/],
    ['another server', (s) => Object.assign(s, { servers: [{ url: 'https://elsewhere' }] }), /servers/],
    [
      'an unknown keyword',
      (s) => Object.assign(s.components.schemas['Person'] ?? {}, { not: {} }),
      /Person: has the unknown keyword not/,
    ],
    [
      'an unknown type',
      (s) => Object.assign(s.components.schemas, { Odd: { type: 'date' } }),
      /Odd: has the type "date"/,
    ],
    [
      'a union and more',
      (s) => Object.assign(s.components.schemas, { Odd: { anyOf: [], type: 'string' } }),
      /Odd: combines anyOf with type/,
    ],
    ['no value at all', (s) => Object.assign(s.components.schemas, { Odd: { enum: [] } }), /Odd: allows no value/],
    [
      'fixed fields and free ones',
      (s) =>
        Object.assign(s.components.schemas, {
          Odd: { type: 'object', properties: { a: {} }, additionalProperties: {} },
        }),
      /fixed fields and free/,
    ],
    [
      'a field required and not described',
      (s) => Object.assign(s.components.schemas, { Odd: { type: 'object', properties: { b: {} }, required: ['a'] } }),
      /requires a/,
    ],
    [
      'a reference elsewhere',
      (s) => Object.assign(s.components.schemas, { Odd: { $ref: 'other.json' } }),
      /refers to "other\.json"/,
    ],
    ['an unknown part of an operation', (s) => Object.assign(getPerson(s), { callbacks: {} }), /unknown callbacks/],
    [
      'a parameter in a cookie',
      (s) => Object.assign(getPerson(s), { parameters: [{ name: 'c', in: 'cookie', schema: {} }] }),
      /is in "cookie"/,
    ],
    [
      'a path that is not described',
      (s) => Object.assign(getPerson(s), { parameters: [] }),
      /does not describe \{personId\}/,
    ],
    [
      'an object in the query',
      (s) =>
        Object.assign(operation(s, '/api/v1/people', 'get'), {
          parameters: [{ name: 'o', in: 'query', schema: { type: 'object' } }],
        }),
      /object in the query/,
    ],
    [
      'a list written otherwise',
      (s) =>
        Object.assign(operation(s, '/api/v1/people', 'get'), {
          parameters: [{ name: 'o', in: 'query', schema: { type: 'array', items: {} } }],
        }),
      /commas/,
    ],
    [
      'two successes',
      (s) => Object.assign(getPerson(s), { responses: { '200': {}, '201': {} } }),
      /succeeds with 200, 201/,
    ],
    ['an unknown success', (s) => Object.assign(getPerson(s), { responses: { '302': {} } }), /succeeds with 302/],
    [
      'an answer of another type',
      (s) => Object.assign(getPerson(s), { responses: { '200': { content: { 'text/csv': {} } } } }),
      /text\/csv, not application\/json/,
    ],
    [
      'an open body',
      (s) =>
        Object.assign(operation(s, '/api/v1/people/{personId}', 'patch'), {
          requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        }),
      /not a closed object/,
    ],
    [
      'a name in path and body',
      (s) =>
        Object.assign(getPerson(s), {
          requestBody: {
            content: {
              'application/json': {
                schema: { type: 'object', properties: { personId: {} }, additionalProperties: false },
              },
            },
          },
        }),
      /takes personId twice/,
    ],
    [
      'two operations of one id',
      (s) => Object.assign(operation(s, '/api/v1/counts', 'get'), { operationId: 'getPerson' }),
      /shares the id getPerson/,
    ],
    ['no tag', (s) => Object.assign(getPerson(s), { tags: [] }), /has the tags \[\]/],
    [
      'a tag that a client calls something else',
      (s) => s.tags.push({ name: 'session', description: '' }) && Object.assign(getPerson(s), { tags: ['session'] }),
      /something else/,
    ],
    [
      'a schema with the name of an input',
      (s) => Object.assign(s.components.schemas, { GetPersonInput: { type: 'string' } }),
      /titled GetPersonInput/,
    ],
    ['an unknown method', (s) => Object.assign(s.paths['/api/v1/me'] ?? {}, { trace: {} }), /TRACE .* is not a method/],
  ];
  test.each(changes)('%s', (_what, change, message) => {
    const sample = sampleOpenApi();
    change(sample);
    expect(() => render(sample)).toThrow(message);
  });
});

// A name that is exported explicitly would hide a schema of the same title without a word.
test('no schema of the server has a name that the client gives to something else', () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const own = [...read('index.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.replace(/^\s*type\s+/, '').trim()),
  );
  expect(own).toContain('Page');
  const generated = [...read('generated/schemas.ts').matchAll(/^export (?:interface|type) (\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(generated).toContain('User');
  expect(generated.filter((name) => own.includes(name ?? ''))).toEqual([]);
});
