import { ConfigurationError, type ConfigurationProblem } from './configuration-error.js';
import type { Environment } from './env.js';
import { nearestName } from './nearest-name.js';
import { isSetting, SETTINGS, type SettingNode, settingsOf, type ValuesOf } from './schema.js';
import { SECRET_MASK, Secret } from './secrets.js';
import type { Setting } from './setting.js';

/** The validated configuration: deeply read-only, frozen, passed down from the composition root. */
export type Config = ValuesOf<typeof SETTINGS>;

const PREFIX = 'NOVA_';
/** Addresses of test engines; a server started by a test inherits them. */
const TEST_PREFIX = 'NOVA_TEST_';

/**
 * Builds the configuration from environment variables. A variable that is empty counts as not set (compose files
 * pass `${X:-}`); surrounding white space is dropped.
 *
 * An own table rather than env-schema: that package stops at schema keywords, so it can neither refuse unknown
 * names, nor wrap secrets, nor report a bad value without printing it, nor derive the reference.
 *
 * @throws ConfigurationError with every problem at once; it names variables and types, never values.
 */
export function loadConfig(env: Environment): Config {
  const problems: ConfigurationProblem[] = [];
  const values = readNode(SETTINGS, env, problems) as Config;
  problems.push(...unknownNames(env));
  // The checks across settings would only repeat the problems of the single ones.
  if (problems.length === 0) problems.push(...contradictions(values));
  if (problems.length > 0) throw new ConfigurationError(problems);
  const { database, http } = values;
  return Object.freeze({
    ...values,
    http: Object.freeze({ ...http, drainUnreadyMs: Math.min(http.drainUnreadyMs, http.drainTimeoutMs) }),
    database: Object.freeze({
      ...database,
      directUrl: database.directUrl ?? database.url,
      ownerUrl: database.ownerUrl ?? database.url,
    }),
  });
}

/**
 * The configuration as a flat record of path to value, for the log at start: secrets show as `[secret]`, settings
 * without a value are left out.
 */
export function describeConfig(config: Config): Record<string, string | number | boolean> {
  const described: Record<string, string | number | boolean> = {};
  for (const [path, setting] of settingsOf(SETTINGS)) {
    const value = valueAt(config, path);
    if (value === undefined) continue;
    if (setting.secret || value instanceof Secret) described[path] = SECRET_MASK;
    else described[path] = typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
  }
  return described;
}

function readNode(node: SettingNode, env: Environment, problems: ConfigurationProblem[]): unknown {
  if (isSetting(node)) return readSetting(node, env, problems);
  const group = Object.entries(node).map(([key, child]) => [key, readNode(child, env, problems)] as const);
  return Object.freeze(Object.fromEntries(group));
}

function readSetting(setting: Setting<unknown>, env: Environment, problems: ConfigurationProblem[]): unknown {
  const text = env[setting.env]?.trim() ?? '';
  if (text === '') return fallbackOf(setting, env);
  const parsed = setting.parse(text);
  if (parsed.ok) return parsed.value;
  problems.push({ name: setting.env, reason: `${parsed.reason}, got ${typeOf(text)}` });
  return setting.fallback;
}

function fallbackOf({ fallback, inProduction }: Setting<unknown>, env: Environment): unknown {
  const isProduction = env[SETTINGS.environment.env]?.trim() === 'production';
  return isProduction && inProduction !== undefined ? inProduction.fallback : fallback;
}

/** What a value looks like, without showing it. */
function typeOf(text: string): string {
  if (/^[+-]?\d+$/.test(text)) return 'integer';
  if (/^[+-]?\d+\.\d+$/.test(text)) return 'decimal number';
  if (/^(?:true|false)$/i.test(text)) return 'boolean';
  if (/^\d+(?:\.\d+)?\s?[a-z]{1,3}$/i.test(text)) return 'number with a unit';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'URL';
  return 'text';
}

function unknownNames(env: Environment): ConfigurationProblem[] {
  const known = new Set(Array.from(settingsOf(SETTINGS), ([, setting]) => setting.env));
  const own = [...known].filter((name) => name.startsWith(PREFIX));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !name.startsWith(TEST_PREFIX))
    .filter((name) => env[name] !== undefined && !known.has(name))
    .map((name) => {
      const nearest = nearestName(name, own);
      return { name, reason: `unknown setting${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}` };
    });
}

/** Problems that only show when settings are seen together. */
function contradictions({ database, http, admin, mail }: Config): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const withoutMain = [
    ['DATABASE_DIRECT_URL', database.directUrl],
    ['DATABASE_OWNER_URL', database.ownerUrl],
    ['DATABASE_SYSTEM_URL', database.systemUrl],
  ] as const;
  for (const [name, url] of withoutMain) {
    if (database.url === undefined && url !== undefined) problems.push({ name, reason: 'needs DATABASE_URL as well' });
  }
  const withMail = [
    ['NOVA_MAIL_FROM', mail.from],
    ['NOVA_MAIL_APP_URL', mail.appUrl],
  ] as const;
  for (const [name, value] of withMail) {
    if (mail.url !== undefined && value === undefined) problems.push({ name, reason: 'is needed with NOVA_MAIL_URL' });
  }
  if (http.port !== 0 && http.port === admin.port && http.host === admin.host && !admin.portFallback) {
    problems.push({ name: 'NOVA_ADMIN_PORT', reason: 'must differ from NOVA_HTTP_PORT' });
  }
  return problems;
}

function valueAt(config: Config, path: string): unknown {
  let node: unknown = config;
  for (const key of path.split('.')) node = (node as Record<string, unknown>)[key];
  return node;
}
