import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeConfig, loadConfig } from './config.js';
import { ConfigurationError } from './configuration-error.js';
import { isSetting, SETTINGS, settingsOf } from './schema.js';
import { Secret } from './secrets.js';

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return Object.fromEntries(error.problems.map(({ name, reason }) => [name, reason]));
    }
    throw error;
  }
  return {};
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config.environment).toBe('development');
    expect(config.secretKey).toBeUndefined();
    expect(config.http).toEqual({
      host: '127.0.0.1',
      port: 4000,
      portFallback: false,
      trustProxy: [],
      bodyLimitBytes: 262_144,
      requestTimeoutMs: 1800,
      drainTimeoutMs: 20_000,
      drainUnreadyMs: 0,
      corsOrigins: [],
      compressionThresholdBytes: 1024,
    });
    expect(config.database.url).toBeUndefined();
    expect(config.database.breaker).toEqual({ failures: 5, openMs: 30_000 });
    expect(config.identity.sessionTtlMs).toBe(30 * 24 * 3600 * 1000);
    expect(config.limits.ratePerMinute).toEqual({ free: 100, pro: 500, enterprise: 2000 });
    expect(config.tenancy).toEqual({ defaultTenant: true, defaultTenantPlan: 'enterprise' });
  });

  it('takes its time to become unready in production only, and never longer than the whole drain', () => {
    const unreadyMs = (env: Record<string, string>) => loadConfig(env).http.drainUnreadyMs;
    expect(unreadyMs({ NOVA_ENV: 'production' })).toBe(5_000);
    expect(unreadyMs({ NOVA_ENV: 'production', NOVA_HTTP_DRAIN_UNREADY_MS: '1s' })).toBe(1_000);
    expect(unreadyMs({ NOVA_ENV: 'production', NOVA_HTTP_DRAIN_TIMEOUT_MS: '2s' })).toBe(2_000);
  });

  it('is frozen all the way down', () => {
    const config = loadConfig({ NOVA_HTTP_CORS_ORIGINS: '*', DATABASE_URL: 'postgres://h/d' });
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(config)).toBe(true);
  });

  it('lists all problems at once, and names types instead of values', () => {
    const problems = problemsOf({
      NOVA_HTTP_PORT: '70000',
      NOVA_HTTP_BODY_LIMIT_BYTES: 'big',
      NOVA_HTTP_PORT_FALLBACK: 'maybe',
      NOVA_HTTP_CORS_ORIGINS: 'https://app.example/path',
      NOVA_HTTP_TRUST_PROXY: '10.0.0.0/8,10.0.0.0/33',
      NOVA_ENV: 'staging',
      NOVA_SECRET_KEY: 'short-one',
      DATABASE_URL: 'mysql://root:hunter2@h/d',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:hunter2@collector:4318',
      NOVA_HTTP_PROT: '80',
    });
    expect(problems).toEqual({
      NOVA_HTTP_PORT: 'must be an integer, 0 to 65535, got integer',
      NOVA_HTTP_BODY_LIMIT_BYTES: 'must be a size, 1KiB to 64MiB, got text',
      NOVA_HTTP_PORT_FALLBACK: 'must be a boolean (true or false), got text',
      NOVA_HTTP_CORS_ORIGINS: 'must be a comma-separated list of origins, or *, got URL',
      NOVA_HTTP_TRUST_PROXY: expect.stringMatching(/^must be a comma-separated list of addresses, .*, got text$/),
      NOVA_ENV: 'must be one of development, production, got text',
      NOVA_SECRET_KEY: 'must have at least 32 characters, got text',
      DATABASE_URL: expect.stringMatching(/^must be a PostgreSQL URL .*, got URL$/),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'must be an http(s) URL without credentials, query and fragment, got URL',
      NOVA_HTTP_PROT: 'unknown setting (did you mean NOVA_HTTP_PORT?)',
    });
  });

  it('puts one problem on each line of the message', () => {
    expect(() => loadConfig({ NOVA_PROCESSES: '0', NOVA_LOG_LEVEL: 'loud' })).toThrowError(
      /^The configuration has 2 problem\(s\):\n {2}NOVA_PROCESSES: must be [^\n]+\n {2}NOVA_LOG_LEVEL: must be [^\n]+$/,
    );
  });

  it('suggests no name for an unknown one that is like none, and leaves others alone', () => {
    expect(
      problemsOf({ NOVA_ZZZZZZZZZZZZZZ: '1', NOVELTY: '1', NOVA_TEST_X: '1', PATH: '/bin', DATABASE_HOST: 'x' }),
    ).toEqual({
      NOVA_ZZZZZZZZZZZZZZ: 'unknown setting',
    });
  });

  it('takes an empty variable as not set and drops surrounding space', () => {
    const config = loadConfig({ NOVA_HTTP_PORT: '', NOVA_ADMIN_PORT: ' 9000 ', NOVA_SECRET_KEY: '  ' });
    expect(config.http.port).toBe(4000);
    expect(config.admin.port).toBe(9000);
    expect(config.secretKey).toBeUndefined();
  });

  it('accepts every limit and refuses what is one beyond', () => {
    const ranges = Array.from(settingsOf(SETTINGS), ([, setting]) => setting).filter((setting) =>
      /^(integer|duration|size), /.test(setting.type),
    );
    expect(ranges.length).toBeGreaterThan(30);
    for (const setting of ranges) {
      const limits = /, (\S+) to (\S+)$/.exec(setting.type);
      const values = [limits?.[1], limits?.[2]].map((text) => setting.parse(text ?? ''));
      expect(values, setting.env).toEqual([
        { ok: true, value: expect.any(Number) },
        { ok: true, value: expect.any(Number) },
      ]);
      const [low, high] = values.map((parsed) => (parsed.ok ? Number(parsed.value) : Number.NaN));
      expect(setting.parse(String((low ?? 0) - 1)).ok, setting.env).toBe(false);
      expect(setting.parse(String((high ?? 0) + 1)).ok, setting.env).toBe(false);
      expect(setting.parse('1e3').ok, setting.env).toBe(false);
    }
  });

  it('reads units and lists', () => {
    const config = loadConfig({
      NOVA_IDENTITY_SESSION_TTL_MS: '7d',
      NOVA_DATABASE_QUERY_TIMEOUT_MS: '1.5s',
      NOVA_CACHE_MAX_BYTES: '128 MiB',
      NOVA_HTTP_CORS_ORIGINS: 'https://a.example, http://localhost:3000',
      NOVA_HTTP_TRUST_PROXY: 'loopback,10.0.0.0/8,fd00::/8',
      NOVA_RATE_LIMIT_ENABLED: 'off',
    });
    expect(config.identity.sessionTtlMs).toBe(604_800_000);
    expect(config.database.queryTimeoutMs).toBe(1500);
    expect(config.cache.maxBytes).toBe(134_217_728);
    expect(config.http.corsOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
    expect(config.http.trustProxy).toEqual(['loopback', '10.0.0.0/8', 'fd00::/8']);
    expect(config.limits.rateLimitEnabled).toBe(false);
  });

  it('lets the direct and the owner address default to the first, but not stand alone', () => {
    const config = loadConfig({ DATABASE_URL: 'postgres://app@h/d', DATABASE_OWNER_URL: 'postgres://owner@h/d' });
    expect(config.database.directUrl?.reveal()).toBe('postgres://app@h/d');
    expect(config.database.ownerUrl?.reveal()).toBe('postgres://owner@h/d');
    expect(config.database.systemUrl).toBeUndefined();
    expect(problemsOf({ DATABASE_SYSTEM_URL: 'postgres://system@h/d' })).toEqual({
      DATABASE_SYSTEM_URL: 'needs DATABASE_URL as well',
    });
  });

  it('refuses one port for both servers unless it may move', () => {
    expect(problemsOf({ NOVA_ADMIN_PORT: '4000' })).toEqual({ NOVA_ADMIN_PORT: 'must differ from NOVA_HTTP_PORT' });
    expect(problemsOf({ NOVA_ADMIN_PORT: '4000', NOVA_ADMIN_PORT_FALLBACK: 'true' })).toEqual({});
    expect(problemsOf({ NOVA_ADMIN_PORT: '0', NOVA_HTTP_PORT: '0' })).toEqual({});
  });
});

/** Long and of letters that no message has, so that a hit is a leak and not a coincidence. */
const secretText = fc.string({ unit: fc.constantFrom('Q', 'X', 'Z', '7'), minLength: 40, maxLength: 60 });

describe('secrets', () => {
  it('are given out by reveal only', () => {
    fc.assert(
      fc.property(secretText, (value) => {
        const secret = new Secret(value);
        const shown = [
          String(secret),
          `${secret}`,
          inspect(secret, { showHidden: true, depth: 9 }),
          JSON.stringify({ secret }),
          inspect({ ...secret }),
          inspect(structuredClone(secret)),
          Object.keys(secret).join(),
        ];
        return secret.reveal() === value && shown.every((text) => !text.includes(value));
      }),
    );
  });

  it('show in no rendering of a configuration', () => {
    fc.assert(
      fc.property(secretText, secretText, (password, key) => {
        const config = loadConfig({
          DATABASE_URL: `postgres://app:${password}@h/d`,
          DATABASE_DIRECT_URL: `postgres://h/d?password=${password}`,
          DATABASE_OWNER_URL: `postgresql://owner:${password}@h:5433/d`,
          DATABASE_SYSTEM_URL: `postgres://system:${password}@h/d`,
          NOVA_SECRET_KEY: key,
        });
        const shown = [
          inspect(config, { depth: 9, showHidden: true }),
          JSON.stringify(config),
          String(config.database.url),
          JSON.stringify(describeConfig(config)),
        ];
        return (
          config.secretKey?.reveal() === key &&
          shown.every((text) => text.includes('[secret]') && !text.includes(password) && !text.includes(key))
        );
      }),
    );
  });

  it('show in no problem, whichever variable they were put in by mistake', () => {
    const names = Array.from(settingsOf(SETTINGS), ([, setting]) => setting.env);
    fc.assert(
      fc.property(fc.constantFrom(...names, 'NOVA_SECRET_KYE'), secretText, (name, value) => {
        for (const text of [`\u0007${value}`, `ftp://u:${value}@h`, `postgres://u:${value}:@[h/d`, `${value},`]) {
          try {
            loadConfig({ [name]: text, NOVA_PROCESSES: 'none' });
          } catch (error) {
            if (inspect(error, { depth: 9 }).includes(value) || String(error).includes(value)) return false;
          }
        }
        return true;
      }),
    );
  });
});

describe('describeConfig', () => {
  it('is flat, and leaves out what is not set', () => {
    const described = describeConfig(loadConfig({ NOVA_HTTP_CORS_ORIGINS: 'https://a.example,https://b.example' }));
    expect(described['http.port']).toBe(4000);
    expect(described['http.corsOrigins']).toBe('https://a.example,https://b.example');
    expect(described['database.breaker.failures']).toBe(5);
    expect(described).not.toHaveProperty('database.url');
    expect(described).not.toHaveProperty('secretKey');
  });
});

describe('the table of settings', () => {
  const rows = Array.from(settingsOf(SETTINGS));

  it('gives each setting a variable of its own, named by one pattern', () => {
    const names = rows.map(([, setting]) => setting.env);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(NOVA_|DATABASE_(\w+_)?URL$|OTEL_)[A-Z0-9_]*$/);
  });

  it('writes each default in a form that is read back as the same value', () => {
    for (const [path, setting] of rows) {
      if (setting.fallbackText === '') continue;
      expect(setting.parse(setting.fallbackText), path).toEqual({ ok: true, value: setting.fallback });
    }
  });

  it('takes no group for a row', () => {
    expect(isSetting(SETTINGS.database)).toBe(false);
    expect(isSetting(SETTINGS.database.breaker.failures)).toBe(true);
  });
});
