import { describe, expect, it } from 'vitest';
import { loadConfig, Secret } from '../../config/index.js';
import { createLogger, createSilentLogger, type LoggerOptions } from './log.js';

/** A logger that keeps its lines. */
function recordingLogger(env: Record<string, string> = {}, options: LoggerOptions = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const log = createLogger(loadConfig(env), { destination, ...options });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes one object a line in the vocabulary', () => {
    const { log, lines, last } = recordingLogger({ OTEL_SERVICE_NAME: 'nova-test' }, { processId: 3 });
    log.info({ tenantId: 't', userId: 'u', correlationId: 'c', durationMs: 1.5, status: 200, route: '/x' }, 'request');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'nova-test',
      processId: 3,
      tenantId: 't',
      userId: 'u',
      correlationId: 'c',
      durationMs: 1.5,
      status: 200,
      route: '/x',
      msg: 'request',
    });
  });

  it('holds callers to the vocabulary at compile time', () => {
    const { log, lines } = recordingLogger();
    // @ts-expect-error durationMs is a number of ms
    log.info({ durationMs: '1.5' }, 'request');
    // @ts-expect-error the vocabulary says tenantId
    log.info({ tenant_id: 't' }, 'request');
    // @ts-expect-error the vocabulary says err
    log.error({ error: new Error('x') }, 'failed');
    expect(lines).toHaveLength(3);
  });

  it('keeps to the level', () => {
    const { log, lines } = recordingLogger({ NOVA_LOG_LEVEL: 'warn' });
    log.info('no');
    log.warn('yes');
    expect(lines).toHaveLength(1);
  });

  const LEAK = 'QXZ-do-not-show';

  it.each<[string, Record<string, unknown>]>([
    ['a password', { password: LEAK, newPassword: LEAK, password_hash: LEAK }],
    ['a numeric password', { password: 123_454_321 }],
    ['headers', { req: { headers: { authorization: LEAK, cookie: LEAK, 'x-api-key': LEAK, 'Set-Cookie': [LEAK] } } }],
    ['tokens', { session: { accessToken: LEAK, refresh_token: LEAK, TOKEN: LEAK, jwt: LEAK } }],
    ['secrets', { secret: LEAK, clientSecret: { value: LEAK }, secretKey: LEAK, apiKey: LEAK, signing_key: LEAK }],
    ['arrays', { users: [{ name: 'a', password: LEAK }] }],
    ['addresses', { target: `postgres://nova:${LEAK}@db/nova`, list: [`redis://:${LEAK}@cache`] }],
    ['a wrapped secret', { value: new Secret(LEAK) }],
    ['what is too deep', { a: { b: { c: { d: { e: { f: { g: { password: LEAK } } } } } } } }],
  ])('hides %s in fields and in child bindings', (_what, fields) => {
    const { log, lines } = recordingLogger();
    log.info(fields, 'line');
    log.child(fields).info('child');
    log.child({ tenantId: 't' }).child(fields).info('grandchild');
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).not.toContain(LEAK);
      expect(line).not.toContain('123454321');
      expect(line).toMatch(/\[secret\]|\[deeper\]/);
    }
  });

  it('hides secrets in errors, their causes and messages', () => {
    const { log, lines, last } = recordingLogger();
    const cause = Object.assign(new Error(`connect postgres://nova:${LEAK}@db/nova`), { code: 'ECONNREFUSED' });
    const error = Object.assign(new TypeError(`Authorization: Bearer ${LEAK}`, { cause }), {
      config: { headers: { Authorization: LEAK } },
    });
    log.error({ err: error }, `cannot reach postgres://nova:${LEAK}@db/nova`);
    log.error(error);
    log.error({ err: new AggregateError([cause], 'all failed') }, 'failed');
    log.error({ reason: error }, 'failed');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).not.toContain(LEAK);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: {
        type: 'TypeError',
        message: 'Authorization: Bearer [secret]',
        stack: expect.stringContaining('log.test.ts'),
        config: { headers: { Authorization: '[secret]' } },
        cause: { type: 'Error', code: 'ECONNREFUSED', message: 'connect postgres://nova:[secret]@db/nova' },
      },
      msg: 'cannot reach postgres://nova:[secret]@db/nova',
    });
    expect(last()).toMatchObject({ reason: { type: 'TypeError' } });
  });

  it('changes neither what it is given nor what is no secret', () => {
    const { log, last } = recordingLogger();
    const fields = {
      cookies: true,
      tokenCount: 5,
      password: LEAK,
      nested: { token: LEAK },
      at: new Date(0),
      none: null,
    };
    log.info(fields, 'line');
    expect(fields).toMatchObject({ password: LEAK, nested: { token: LEAK } });
    expect(last()).toMatchObject({ cookies: true, tokenCount: 5, at: '1970-01-01T00:00:00.000Z', none: null });
  });

  it('survives circles', () => {
    const { log, lines } = recordingLogger();
    const circle: Record<string, unknown> = { name: 'c' };
    circle['self'] = circle;
    const error = new Error('round');
    error.cause = error;
    log.info({ circle, err: error }, 'line');
    expect(lines).toHaveLength(1);
  });

  it('writes for people when asked', () => {
    const { log, lines } = recordingLogger({ NOVA_LOG_FORMAT: 'pretty' });
    log.warn({ route: '/x', status: 503, token: LEAK }, 'slow');
    log.error({ err: new Error('broken') }, 'failed');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}slow route=\/x status=503 token=\[secret\]\n$/);
    expect(lines[1]).toMatch(/ERROR failed\n {2}Error: broken\n {6}at .*log\.test\.ts/);
  });
});

it('the silent logger takes everything and has no level', () => {
  const log = createSilentLogger();
  log.child({ tenantId: 't' }).fatal({ err: new Error('x') }, 'nothing');
  expect(log.level).toBe('silent');
});
