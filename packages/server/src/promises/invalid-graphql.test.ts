import { isNonNullType } from 'graphql';
import { pino } from 'pino';
import type { TSchema } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../platform/ids/index.js';
import { errorCatalogue } from '../registry.js';
import { takesSecretKey } from '../testing/api-routes.js';
import {
  type ApiSurface,
  documentOf,
  type GraphqlField,
  type Input,
  RELAY_ARGUMENTS,
  readApiSurface,
} from '../testing/api-surface.js';
import { inAnHour, type PopulatedTenant, populateTenant } from '../testing/populated-tenant.js';
import { checksumRows, untilConsumed } from '../testing/row-checksums.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { connectTo } from '../testing/test-cluster.js';
import { exchange } from '../testing/toy-api.js';

/*
 * As invalid-input.test.ts, for GraphQL: documents that are malformed, too deep, too dear or of a wrong shape, and
 * arguments that are wrong, are refused with 4xx and a code, and change no row. Each is sent three times: a document
 * is interpreted at first, and compiled from its second use on. Seeded bug: take the extensions of graphql-jit's
 * errors for granted, and coerce no variable before it; the second answer is 500.
 */

let app: TestApp;
let surface: ApiSurface;
let tenant: PopulatedTenant;
let superuser: Awaited<ReturnType<typeof connectTo>>;
let before: Record<string, string>;
/** What the server says of itself: nothing here is its own fault. */
const faults: unknown[] = [];

beforeAll(async () => {
  app = await startTestApp({ log: pino({ level: 'error' }, { write: (line) => void faults.push(JSON.parse(line)) }) });
  superuser = await connectTo(app.database.superuserUrl);
  surface = await readApiSurface(app);
  tenant = await populateTenant(app, 'refused');
  await untilConsumed(superuser);
  before = await checksumRows(superuser);
}, 120_000);

afterAll(async () => {
  await superuser?.end();
  await app?.close();
});

/** GraphQL's own protocol knows this one beside the catalogue, and Apollo's clients look for the last. */
const CODES = new Set([...Object.keys(errorCatalogue()), 'query_refused', 'PERSISTED_QUERY_NOT_FOUND']);

interface GraphqlError {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly problems?: readonly { readonly path: string }[] };
}

interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly code: string | undefined;
  readonly paths: readonly string[];
  readonly message: string;
}

async function send(...request: Parameters<typeof sendOnce>): Promise<Refusal> {
  const first = await sendOnce(...request);
  for (let again = 0; again < 2; again++) {
    const { text: _, ...answer } = await sendOnce(...request);
    expect(first).toMatchObject(answer);
  }
  return first;
}

async function sendOnce(
  body: string,
  token = tenant.member.token,
  headers: Record<string, string> = {},
): Promise<Refusal> {
  const { status, text } = await exchange(Number(new URL(app.url).port), 'POST', '/graphql', {
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  });
  const answer = JSON.parse(text) as { code?: string; problems?: { path: string }[]; errors?: GraphqlError[] };
  const [error] = answer.errors ?? [];
  const problems = answer.problems ?? error?.extensions.problems ?? [];
  return {
    status,
    text,
    code: answer.code ?? error?.extensions.code,
    paths: problems.map(({ path }) => path),
    message: error?.message ?? '',
  };
}

const query = (text: string, variables?: Input) =>
  send(JSON.stringify({ query: text, ...(variables ? { variables } : {}) }));

/** An input that would be accepted, were it sent as it is. */
const VALID: Readonly<Record<string, () => Input>> = {
  signUp: () => ({ handle: 'newcomer', email: 'new@example.org', password: 'long enough', displayName: 'New' }),
  signIn: () => ({ login: 'anna', password: 'a password of anna' }),
  getUserByHandle: () => ({ handle: 'ben' }),
  updateProfile: () => ({ displayName: 'Changed', bio: 'changed' }),
  createPost: () => ({
    mediaIds: [newId()],
    poll: { options: ['a', 'b'], durationSeconds: 60 },
    body: 'never written',
    visibility: 'public',
    language: 'en',
    replyPolicy: 'nobody',
    custom: {},
  }),
  setLinkPreviewSettings: () => ({ enabled: true }),
  voteInPoll: () => ({ postId: newId(), options: [0] }),
  createMedia: () => ({
    ownerId: newId(),
    kind: 'image',
    alt: 'never kept',
    blurhash: 'LEHV6nWB2yk8',
    variants: [{ name: 'original', url: 'https://example.org/a.png' }],
  }),
  editPost: () => ({
    postId: newId(),
    body: 'never written',
    visibility: 'public',
    language: 'en',
    replyPolicy: 'nobody',
    custom: {},
    ifVersion: 1,
  }),
  createDraft: () => ({
    mediaIds: [newId()],
    poll: { options: ['a', 'b'], durationSeconds: 60 },
    body: 'never kept',
    visibility: 'public',
    language: 'en',
    replyPolicy: 'nobody',
    custom: {},
    publishAt: inAnHour(),
  }),
  updateDraft: () => ({
    mediaIds: [newId()],
    poll: { options: ['a', 'b'], durationSeconds: 60 },
    draftId: newId(),
    body: 'never kept',
    visibility: 'public',
    language: 'en',
    replyPolicy: 'nobody',
    custom: {},
  }),
  scheduleDraft: () => ({ draftId: newId(), publishAt: inAnHour() }),
  listDrafts: () => ({ scheduled: true, limit: 5 }),
  upsertUsers: () => ({ users: [{ externalId: 'never', handle: 'never_made' }] }),
  createTokenKey: () => ({ algorithm: 'HS256' }),
  updateTokenSettings: () => ({ audience: 'never', createUsers: true }),
  setUserRole: () => ({ userId: newId(), role: 'moderator' }),
  changeEmail: () => ({ email: 'other@example.org', password: 'a password of anna' }),
  verifyEmail: () => ({ token: tenant.target.verificationToken }),
  changePassword: () => ({ currentPassword: 'a password of anna', newPassword: 'another password' }),
  requestPasswordReset: () => ({ email: 'anna@example.org' }),
  confirmPasswordReset: () => ({ token: tenant.target.resetToken, password: 'another password' }),
  listPostsByHashtag: () => ({ hashtag: 'shared', limit: 5 }),
  getHashtag: () => ({ hashtag: 'shared' }),
  readHomeFeed: () => ({ limit: 5, mode: 'following', hashtag: 'shared', explain: true }),
  countNewPosts: () => ({ session: tenant.target.feedSession }),
  createApiKey: () => ({ kind: 'secret', name: 'new', scopes: ['keys:read'], expiresInSeconds: 60 }),
  rotateApiKey: () => ({ keyId: newId(), overlapSeconds: 60 }),
  updateTenant: () => ({ name: 'changed', settings: { identity: { signUpOpen: true } } }),
  getTenantUsage: () => ({ from: '2026-01-01', to: '2026-01-02' }),
  setPrivacy: () => ({ isPrivate: true }),
  muteUser: () => ({ userId: newId(), durationSeconds: 600 }),
  createList: () => ({ name: 'never made', kind: 'named', isPrivate: true }),
  updateList: () => ({ listId: newId(), name: 'never named', isPrivate: true }),
};

/** Of other operations, ids and pages: nobody has the ids, so that nothing is changed if they come through. */
function validInput({ operation }: GraphqlField): Input {
  const input = VALID[operation.name]?.();
  if (input !== undefined) return input;
  const names = Object.keys(operation.input.properties);
  const unknown = names.filter((name) => !/Id$|^limit$|^cursor$/.test(name));
  if (unknown.length > 0) throw new Error(`${operation.name} needs a valid input here: ${unknown.join(', ')}`);
  return Object.fromEntries(
    names.flatMap((name): [string, unknown][] => (name === 'cursor' ? [] : [[name, name === 'limit' ? 5 : newId()]])),
  );
}

interface Shape {
  readonly type?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/** JSON of values that an argument must refuse; `own` ones pass GraphQL's types and are the operation's to refuse. */
function badValues(schema: TSchema): { readonly json: string; readonly own: boolean }[] {
  const { type, minLength = 0, minimum = 1, maximum = 100, pattern } = schema as Shape;
  const own = (...values: string[]) => values.map((json) => ({ json, own: true }));
  const wrongType = (...values: string[]) => values.map((json) => ({ json, own: false }));
  if (type === 'integer') {
    return [
      ...own(String(minimum - 1), '-1', String(maximum + 1), '2147483647'),
      ...wrongType('"5"', '1.5', '1e400', '99999999999', 'true', '[1]'),
    ];
  }
  if (type === 'array') return wrongType('true', '{}', '[true]');
  if (type === 'object' && 'properties' in schema) return wrongType('"no such"', '1', 'true', '["a"]', '{"a":1}');
  // Of any shape for GraphQL.
  if (type === 'object') return own('"text"', '1', 'true', '[1]', '{"a":{"b":{"c":{"d":{"e":{}}}}}}');
  if (type === 'boolean') return wrongType('"true"', '1', '{}', '[true]');
  if (type !== 'string') return wrongType('"no such"', '1', 'true', '{}', `"${'x'.repeat(100_000)}"`);
  return [
    ...own(`"${'x'.repeat(100_000)}"`, '"a long te\\u0000xt"', '"a long te\\ud800xt"'),
    ...(pattern !== undefined || minLength > 0 ? own('""') : []),
    ...wrongType('true', '{}', '["a","b"]', '1.5'),
  ];
}

async function refuseArguments(field: GraphqlField): Promise<string[]> {
  const found: string[] = [];
  const document = documentOf(surface.schema, field, 0);
  const token = takesSecretKey(field.operation.access) ? tenant.secretKey : tenant.member.token;
  const type = field.kind === 'query' ? surface.schema.getQueryType() : surface.schema.getMutationType();
  const declared = new Map(type?.getFields()[field.field]?.args.map((argument) => [argument.name, argument.type]));
  const properties = field.operation.input.properties as Readonly<Record<string, TSchema>>;
  // What REST takes, GraphQL takes.
  expect([...declared.keys()].filter((name) => !RELAY_ARGUMENTS.has(name)).sort()).toEqual(
    Object.keys(properties).sort(),
  );
  for (const [name, schema] of Object.entries(properties)) {
    const { [name]: _, ...others } = validInput(field);
    const body = (json: string) => {
      const rest = JSON.stringify(others).slice(1, -1);
      return `{"query":${JSON.stringify(document)},"variables":{${rest}${rest === '' ? '' : ','}"${name}":${json}}}`;
    };
    const cases = badValues(schema).map((value) => ({ ...value, sent: body(value.json) }));
    const argument = declared.get(name);
    if (isNonNullType(argument)) cases.push({ json: 'null', own: false, sent: body('null') });
    for (const { json, own, sent } of cases) {
      const what = `${field.field} ${name}: ${json.slice(0, 40)}`;
      const { status, code, paths, message, text } = await send(sent, token);
      // Text that nothing can store is refused with the variables, and a page that is too large by its cost.
      const places = [name, `variables.${name}`, ...(name === 'limit' ? ['query'] : [])];
      const told =
        paths.some((path) => places.some((place) => path === place || path.startsWith(`${place}.`))) ||
        (!own && message.includes(`$${name}`));
      const right = status === 400 && code === 'invalid_request' && told;
      if (!right && !(name === 'cursor' && code === 'invalid_cursor')) found.push(`${what} -> ${text.slice(0, 300)}`);
    }
  }
  return found;
}

const nested = (depth: number): string =>
  depth === 0 ? '{ id }' : `{ followers(limit: 1) { items ${nested(depth - 1)} } }`;

describe('GraphQL', () => {
  it('refuses each argument that is wrong, and says which', { timeout: 120_000 }, async () => {
    const found: string[] = [];
    for (const field of surface.graphql) found.push(...(await refuseArguments(field)));
    expect(found).toEqual([]);
  });

  it.each([
    ['a document that is cut off', '{ getMe { id', /Syntax Error/],
    ['no document', ' ', /Syntax Error/],
    ['a comment only', '# nothing', /Syntax Error/],
    ['a text that is no GraphQL', 'select * from users', /Syntax Error/],
    ['a lone surrogate', '{ getUserByHandle(handle: "\\ud800") { id } }', /Syntax Error|Unicode/],
    ['an unknown field', '{ getMe { id secret } }', /secret/],
    ['an unknown root field', '{ everything { id } }', /everything/],
    ['an unknown argument', '{ getMe(all: true) { id } }', /all/],
    ['no argument where one is needed', '{ getUser { id } }', /userId/],
    ['an argument of a wrong type', '{ getUser(userId: [1]) { id } }', /ID/],
    ['an undeclared variable', '{ getUser(userId: $id) { id } }', /\$id/],
    ['an unused variable', 'query ($id: ID) { getMe { id } }', /\$id/],
    ['a variable of a wrong type', 'query ($id: Boolean) { getUser(userId: $id) { id } }', /\$id/],
    ['a variable that is not given', 'query ($id: ID!) { getUser(userId: $id) { id } }', /\$id/],
    ['no selection of an object', '{ getMe }', /selection/],
    ['a selection of a scalar', '{ getMe { id { x } } }', /id/],
    ['fields of one name and two meanings', '{ getMe { id: handle id } }', /id/],
    ['a subscription', 'subscription { getMe { id } }', /subscription/i],
    ['two operations', 'query A { getMe { id } } query B { getMe { id } }', /one operation/],
    ['a fragment on itself', '{ getMe { ...a } } fragment a on User { id ...a }', /itself/],
    [
      'fragments in a circle',
      '{ getMe { ...a } } fragment a on User { ...b } fragment b on User { ...a }',
      /itself|via/,
    ],
    ['an unknown fragment', '{ getMe { ...gone } }', /gone/],
    ['a fragment that is not used', '{ getMe { id } } fragment a on User { id }', /"a"/],
    ['a fragment of another type', '{ getMe { ...a } } fragment a on Post { id }', /a/],
    ['an unknown directive', '{ getMe { id @gone } }', /gone/],
    ['too deep a document', `{ getMe ${nested(6)} }`, /depth/],
    ['too many aliases', `{ getMe { ${Array.from({ length: 31 }, (_, n) => `a${n}: id`).join(' ')} } }`, /aliases/],
    ['too many tokens', `{ getMe { ${'id '.repeat(4_100)} } }`, /token/],
    ['__proto__', '{ __proto__ { id } }', /__proto__/],
  ])('refuses %s', async (_what, document, reason) => {
    const refusal = await query(document);
    expect(refusal.message).toMatch(reason);
    expect(refusal.status).toBe(400);
    expect(CODES).toContain(refusal.code);
  });

  it.each([
    ['too dear a document', '{ homeFeed(limit: 100) { items { author { followers(limit: 100) { items { id } } } } } }'],
    ['a document of 100 KB', `{ getMe { id } } #${'x'.repeat(100_000)}`],
  ])('refuses %s as a whole', async (_what, document) => {
    expect(await query(document)).toMatchObject({ status: 400, code: 'invalid_request', paths: ['query'] });
  });

  it.each([
    ['a page of an edge that is too large', '{ getMe { followers(limit: 101) { items { id } } } }', 'followers.limit'],
    ['a page of an edge of nothing', '{ getMe { posts(limit: 0) { items { id } } } }', 'posts.limit'],
    ['a page of an edge below nothing', '{ getMe { posts(limit: -1) { items { id } } } }', 'posts.limit'],
  ])('refuses %s, with the place', async (_what, document, path) => {
    expect(await query(document)).toMatchObject({ code: 'invalid_request', paths: [path] });
  });

  it.each([
    ['half an envelope', '{"query":"{ getMe { id } }"', ''],
    ['a list of queries', '[{"query":"{ getMe { id } }"}]', ''],
    ['no query', '{}', 'query'],
    ['an empty query', '{"query":""}', 'query'],
    ['a number for a query', '{"query":1}', 'query'],
    ['variables as text', '{"query":"{ getMe { id } }","variables":"{}"}', 'variables'],
    ['variables as a list', '{"query":"{ getMe { id } }","variables":[]}', 'variables'],
    ['an unknown field', '{"query":"{ getMe { id } }","unknown":1}', 'unknown'],
    ['__proto__', '{"query":"{ getMe { id } }","__proto__":{"a":1}}', ''],
    ['__proto__ among the variables', '{"query":"{ getMe { id } }","variables":{"__proto__":{"a":1}}}', ''],
    [
      'an operation name of 1 KB',
      `{"query":"{ getMe { id } }","operationName":"${'x'.repeat(1_000)}"}`,
      'operationName',
    ],
    [
      'a hash that is none',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}',
      'extensions.persistedQuery.sha256Hash',
    ],
    [
      'the hash of another text',
      `{"query":"{ getMe { id } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
      'extensions.persistedQuery.sha256Hash',
    ],
  ])('refuses %s as an envelope', async (_what, body, path) => {
    const refusal = await send(body);
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(refusal.paths).toContain(path);
  });

  it('asks for the text of a hash that it does not know, as Apollo’s clients expect', async () => {
    const refusal = await send(`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`);
    expect(refusal).toMatchObject({
      status: 400,
      code: 'PERSISTED_QUERY_NOT_FOUND',
      message: 'PersistedQueryNotFound',
    });
  });

  it.each(['text/plain', 'application/graphql', 'application/x-www-form-urlencoded'])(
    'does not take %s',
    async (type) => {
      const refusal = await send('{"query":"{ getMe { id } }"}', tenant.member.token, { 'content-type': type });
      expect(refusal).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    },
  );

  it('refuses malformed tokens and keys', async () => {
    const body = '{"query":"mutation { signOut }"}';
    for (const token of ['x', 'nova_st_short', `nova_st_${'A'.repeat(43)}`]) {
      expect(await send(body, token)).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    const unsigned = await send(body, 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.');
    expect(unsigned).toMatchObject({ status: 401, code: 'token_algorithm_refused' });
    const headers = { 'idempotency-key': 'x'.repeat(256) };
    const refusal = await send(body, tenant.member.token, headers);
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_request', paths: ['Idempotency-Key'] });
  });

  it('has found no fault, nor a document that could not be compiled', () => {
    expect(faults).toEqual([]);
  });

  it('has changed no row', async () => {
    expect(await checksumRows(superuser)).toEqual(before);
  });
});
