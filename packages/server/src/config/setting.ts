import { isIP } from 'node:net';
import { formatBytes, formatDuration, parseBytes, parseDuration } from './quantity.js';
import { Secret } from './secrets.js';

/** The outcome of reading one value: the typed value, or what the value must be ("must be ..."). */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** One row of the table of settings: its variable, type, default, limits and meaning. */
export interface Setting<T> {
  /** The environment variable. */
  readonly env: string;
  /** What the reference shows as the type, limits included. */
  readonly type: string;
  readonly description: string;
  /** The value when the variable is not set; undefined for an optional setting. */
  readonly fallback: T;
  /** Whether the value must never be shown. */
  readonly secret: boolean;
  /** Reads the text of the variable (never empty). */
  readonly parse: (text: string) => Parsed<T>;
  /** The default as one would write it in the environment; empty when there is none. */
  readonly fallbackText: string;
  /** The default in production, where it is another. */
  readonly inProduction?: { readonly fallback: NonNullable<T>; readonly fallbackText: string };
}

/** The value type of a setting. */
export type SettingValue<S> = S extends Setting<infer T> ? T : never;

interface Range {
  readonly min: number;
  readonly max: number;
}

const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });
const refuse = <T>(reason: string): Parsed<T> => ({ ok: false, reason });

/** A number read by `read` within `range`, shown with `show`; `noun` names it in reasons and in the reference. */
function quantity<F extends number | undefined>(
  env: string,
  fallback: F,
  range: Range,
  description: string,
  noun: string,
  read: (text: string) => number | undefined,
  show: (value: number) => string,
): Setting<F | number> {
  const type = `${noun}, ${show(range.min)} to ${show(range.max)}`;
  return {
    env,
    type,
    description,
    fallback,
    secret: false,
    fallbackText: fallback === undefined ? '' : show(fallback),
    parse: (text) => {
      const value = read(text);
      const valid = value !== undefined && value >= range.min && value <= range.max;
      return valid ? accept<F | number>(value) : refuse(`must be ${noun === 'integer' ? 'an' : 'a'} ${type}`);
    },
  };
}

/** A whole number within `min..max`. */
export function integer(env: string, fallback: number, range: Range, description: string): Setting<number> {
  return quantity(env, fallback, range, description, 'integer', parseInteger, String);
}

/** A whole number within `min..max`, or nothing. */
export function optionalInteger(env: string, range: Range, description: string): Setting<number | undefined> {
  return quantity(env, undefined, range, description, 'integer', parseInteger, String);
}

/** A time span in ms: a number of ms, or a number with one of the units ms, s, m, h, d. */
export function duration(
  env: string,
  fallback: number,
  range: Range,
  description: string,
  inProduction?: number,
): Setting<number> {
  const setting = quantity(env, fallback, range, description, 'duration', parseDuration, formatDuration);
  if (inProduction === undefined) return setting;
  return { ...setting, inProduction: { fallback: inProduction, fallbackText: formatDuration(inProduction) } };
}

/** A size in bytes: a number of bytes, or a number with one of the units B, KiB, MiB, GiB. */
export function bytes(env: string, fallback: number, range: Range, description: string): Setting<number> {
  return quantity(env, fallback, range, description, 'size', parseBytes, formatBytes);
}

/** `true`, `false`, `1`, `0`, `yes`, `no`, `on` or `off`, in any case. */
export function boolean(env: string, fallback: boolean, description: string): Setting<boolean> {
  return {
    env,
    type: 'boolean',
    description,
    fallback,
    secret: false,
    fallbackText: String(fallback),
    parse: (text) => {
      const word = text.toLowerCase();
      if (['true', '1', 'yes', 'on'].includes(word)) return accept(true);
      if (['false', '0', 'no', 'off'].includes(word)) return accept(false);
      return refuse('must be a boolean (true or false)');
    },
  };
}

/** One of the listed words. */
export function oneOf<const W extends string>(
  env: string,
  words: readonly W[],
  fallback: NoInfer<W>,
  description: string,
): Setting<W> {
  return {
    env,
    type: `one of ${words.join(', ')}`,
    description,
    fallback,
    secret: false,
    fallbackText: fallback,
    parse: (text) => {
      const word = words.find((candidate) => candidate === text);
      return word === undefined ? refuse(`must be one of ${words.join(', ')}`) : accept(word);
    },
  };
}

/** Any text without control characters. */
export function text(env: string, fallback: string, description: string): Setting<string> {
  return { ...optionalText(env, description), fallback, fallbackText: fallback, parse: parseText };
}

/** Any text without control characters, or nothing. */
export function optionalText(env: string, description: string): Setting<string | undefined> {
  return {
    env,
    type: 'text',
    description,
    fallback: undefined,
    secret: false,
    fallbackText: '',
    parse: parseText,
  };
}

/** A comma-separated list of items; `itemIs` says whether an item is valid, `noun` what items are. */
export function list(
  env: string,
  noun: string,
  itemIs: (item: string) => boolean,
  description: string,
): Setting<readonly string[]> {
  return {
    env,
    type: `comma-separated list of ${noun}`,
    description,
    fallback: Object.freeze([]),
    secret: false,
    fallbackText: '',
    parse: (value) => {
      const items = value.split(',').map((item) => item.trim());
      return items.every((item) => item !== '' && itemIs(item))
        ? accept(Object.freeze([...new Set(items)]))
        : refuse(`must be a comma-separated list of ${noun}`);
    },
  };
}

/** A secret text of at least `minLength` characters, or nothing. */
export function optionalSecret(env: string, minLength: number, description: string): Setting<Secret | undefined> {
  return {
    env,
    type: `secret, at least ${minLength} characters`,
    description,
    fallback: undefined,
    secret: true,
    fallbackText: '',
    parse: (value) =>
      value.length >= minLength ? accept(new Secret(value)) : refuse(`must have at least ${minLength} characters`),
  };
}

/** The address of a PostgreSQL database, a secret as it may carry a password, or nothing. */
export function optionalPostgresUrl(env: string, description: string): Setting<Secret | undefined> {
  return {
    env,
    type: 'secret, PostgreSQL URL',
    description,
    fallback: undefined,
    secret: true,
    fallbackText: '',
    parse: (value) =>
      isPostgresUrl(value)
        ? accept(new Secret(value))
        : refuse(
            'must be a PostgreSQL URL (postgres://user:password@host:port/database; ' +
              'special characters in the password percent-encoded)',
          ),
  };
}

/** The base address of an HTTP service, without credentials (they would show in logs), query and fragment. */
export function optionalHttpUrl(env: string, description: string): Setting<string | undefined> {
  return {
    env,
    type: 'http(s) URL',
    description,
    fallback: undefined,
    secret: false,
    fallbackText: '',
    parse: (value) => {
      const url = parseUrl(value);
      const isPlain =
        (url?.protocol === 'http:' || url?.protocol === 'https:') && url.origin + url.pathname === url.href;
      return isPlain ? accept(value) : refuse('must be an http(s) URL without credentials, query and fragment');
    },
  };
}

/** The address of an SMTP server, a secret as it may carry a password, or nothing. */
export function optionalSmtpUrl(env: string, description: string): Setting<Secret | undefined> {
  return {
    env,
    type: 'secret, SMTP URL',
    description,
    fallback: undefined,
    secret: true,
    fallbackText: '',
    parse: (value) =>
      isSmtpUrl(value)
        ? accept(new Secret(value))
        : refuse(
            'must be smtp(s)://user:password@host:port, without path and query ' +
              '(special characters in the password percent-encoded)',
          ),
  };
}

/** A sender, `Name <address>` or an address alone, or nothing. */
export function optionalMailbox(env: string, description: string): Setting<string | undefined> {
  return {
    env,
    type: 'mailbox',
    description,
    fallback: undefined,
    secret: false,
    fallbackText: '',
    parse: (value) =>
      /^(?:[^<>@\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u.test(value)
        ? accept(value)
        : refuse('must be an address, or: Name <address>'),
  };
}

/** Whether a CORS origin is `*` or exactly an http(s) origin (scheme, host and port, no path). */
export function isCorsOrigin(item: string): boolean {
  if (item === '*') return true;
  const url = parseUrl(item);
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.origin === item;
}

/** Whether a trusted proxy is an address, a CIDR block, or one of the names `proxy-addr` knows. */
export function isTrustedProxy(item: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(item)) return true;
  const [address = '', prefix, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  const bits = parseInteger(prefix);
  return bits !== undefined && bits >= 0 && bits <= (family === 4 ? 32 : 128);
}

function parseInteger(value: string): number | undefined {
  if (!/^[+-]?\d{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function parseText(value: string): Parsed<string> {
  // Control characters in a host name or a path only come from a broken quotation, and forge log lines.
  return /\p{Cc}/u.test(value) ? refuse('must not contain control characters') : accept(value);
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function isPostgresUrl(value: string): boolean {
  const url = parseUrl(value);
  if (url === undefined || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')) return false;
  return url.hostname !== '' || (url.searchParams.get('host') ?? '') !== '';
}

function isSmtpUrl(value: string): boolean {
  const url = parseUrl(value);
  if (url === undefined || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') return false;
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return false;
  return [url.username, url.password].every((part) => !/%(?![\da-f]{2})/i.test(part));
}
