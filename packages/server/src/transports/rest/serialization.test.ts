import Fastify, { type FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { afterEach, describe, expect, test } from 'vitest';
import { serializationOf } from './serialization.js';

const servers: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function listen(server: FastifyInstance): Promise<string> {
  return server.listen({ host: '127.0.0.1', port: 0 });
}

/** What is sent for a value: by Fastify's own serialiser, as the routes use it. */
async function sent(schema: TSchema, value: unknown, nullable: readonly string[] = []) {
  const server = Fastify();
  servers.push(server);
  server.get('/', { schema: { response: { 200: serializationOf(schema, nullable) } } }, async () => value);
  const origin = await listen(server);
  const response = await fetch(origin);
  return { status: response.status, body: (await response.json()) as unknown };
}

const object = (properties: Record<string, TSchema>) => Type.Object(properties, { additionalProperties: false });

describe('serialisation schemas', () => {
  test.each<[string, TSchema, unknown]>([
    ['null of a union', object({ a: Type.Union([Type.String(), Type.Null()]) }), { a: null }],
    ['text of a union', object({ a: Type.Union([Type.String(), Type.Null()]) }), { a: 'x' }],
    ['null before the type', object({ a: Type.Union([Type.Null(), Type.Integer()]) }), { a: 3 }],
    ['object or null', object({ a: Type.Union([object({ b: Type.Boolean() }), Type.Null()]) }), { a: { b: true } }],
    ['null for an object', object({ a: Type.Union([object({ b: Type.Boolean() }), Type.Null()]) }), { a: null }],
    ['list or null', object({ a: Type.Union([Type.Array(Type.String()), Type.Null()]) }), { a: ['x'] }],
    ['null for a list', object({ a: Type.Union([Type.Array(Type.String()), Type.Null()]) }), { a: null }],
    ['literals', object({ a: Type.Union([Type.Literal('x'), Type.Literal('y')]) }), { a: 'y' }],
    ['literals or null', object({ a: Type.Union([Type.Literal('x'), Type.Literal('y'), Type.Null()]) }), { a: null }],
    ['an enumeration', object({ a: Type.Enum(['x', 'y']) }), { a: 'x' }],
    ['an absent field', object({ a: Type.Optional(Type.String()), b: Type.Integer() }), { b: 1 }],
    ['a record', object({ a: Type.Record(Type.String(), Type.Integer()) }), { a: { x: 1, 'y z': 2 } }],
    ['anything', object({ a: Type.Unknown() }), { a: { deep: [1, 'x', null] } }],
    ['null at the top', Type.Null(), null],
    ['numbers', object({ a: Type.Number(), b: Type.Integer() }), { a: 0.1, b: -0 + 12 }],
    ['hostile text', object({ a: Type.String({ format: 'date-time' }) }), { a: '"},{"x":"\u2028\\\n' }],
    ['nested lists', Type.Array(Type.Array(Type.Union([Type.Integer(), Type.Null()]))), [[1, null], []]],
    [
      'alternatives told apart by a literal',
      object({
        a: Type.Union([
          object({ kind: Type.Literal('text'), text: Type.String() }),
          object({ kind: Type.Literal('image'), width: Type.Integer() }),
        ]),
      }),
      { a: { kind: 'image', width: 3 } },
    ],
  ])('%s', async (_what, schema, value) => {
    expect(await sent(schema, value)).toEqual({ status: 200, body: value });
  });

  test('fields that are not declared are not sent, at any depth', async () => {
    const schema = object({
      a: object({ b: Type.String() }),
      list: Type.Array(object({ b: Type.String() })),
      maybe: Type.Union([object({ b: Type.String() }), Type.Null()]),
    });
    const inner = { b: 'x', secret: 'y' };
    expect((await sent(schema, { a: inner, list: [inner], maybe: inner, secret: 'y' })).body).toEqual({
      a: { b: 'x' },
      list: [{ b: 'x' }],
      maybe: { b: 'x' },
    });
  });

  test('a secret may be null in a replayed answer', async () => {
    const schema = object({ token: Type.String({ minLength: 10 }), id: Type.String() });
    expect((await sent(schema, { token: null, id: 'x' }, ['token'])).body).toEqual({ token: null, id: 'x' });
  });

  test('a declared field that is missing is a fault, not an answer', async () => {
    expect((await sent(object({ a: Type.String() }), {})).status).toBe(500);
  });
});
