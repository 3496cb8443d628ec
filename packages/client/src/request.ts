import type { Operation } from './operation.js';

/** The parts of a request that follow from the input. */
export interface PreparedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** undefined for none */
  readonly body: string | undefined;
}

/** Splits an input into path, headers and body or query, as the operation says. Fields that are undefined are left out. */
export function prepareRequest(baseUrl: string, operation: Operation<never, unknown>, input: object): PreparedRequest {
  const { id, path, headers: headerNames = {}, hasBody = false } = operation;
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (name: string): unknown => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => segment(id, name, take(name)));
  const headers: Record<string, string> = {};
  for (const [field, header] of Object.entries(headerNames)) {
    const value = take(field);
    if (value !== undefined) headers[header] = text(id, field, value);
  }
  if (hasBody) {
    headers['content-type'] = 'application/json';
    return { url: baseUrl + filled, headers, body: JSON.stringify(Object.fromEntries(rest)) };
  }
  const query = [...rest].map(([name, value]) => `${encodeURIComponent(name)}=${queryValue(id, name, value)}`);
  return { url: baseUrl + filled + (query.length === 0 ? '' : `?${query.join('&')}`), headers, body: undefined };
}

/** An empty segment, `.` and `..` would make another path of it. */
function segment(id: string, name: string, value: unknown): string {
  const filled = encodeURIComponent(text(id, name, value));
  if (filled === '' || filled === '.' || filled === '..') {
    throw new TypeError(`${id}: ${name} cannot be ${JSON.stringify(value)}`);
  }
  return filled;
}

/** Lists are written with commas, which their items therefore cannot hold. */
function queryValue(id: string, name: string, value: unknown): string {
  if (!Array.isArray(value)) return encodeURIComponent(text(id, name, value));
  const items = value.map((item) => text(id, name, item));
  if (items.some((item) => item.includes(','))) throw new TypeError(`${id}: an item of ${name} holds a comma`);
  return items.map(encodeURIComponent).join(',');
}

function text(id: string, name: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      throw new TypeError(`${id}: ${name} is ${value === null ? 'null' : typeof value}; a text or number is needed`);
  }
}
