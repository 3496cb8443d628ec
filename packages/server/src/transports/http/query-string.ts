import type { Problem } from '../../platform/errors/index.js';

/** What is wrong with a query string; absent when nothing is. */
const PROBLEMS = Symbol('problems of the query string');

export interface Query {
  readonly [name: string]: string;
  readonly [PROBLEMS]?: readonly Problem[];
}

const EMPTY: Query = Object.freeze(Object.create(null) as Query);

/**
 * Parses `application/x-www-form-urlencoded` (WHATWG URL) without guessing: a name given twice and a broken
 * percent-encoding are problems instead of arrays and replacement characters. The router calls this outside
 * of any error handling, so it never throws: `problemsOfQuery` tells.
 */
export function parseQuery(text: string): Query {
  if (text === '') return EMPTY;
  // No prototype: a parameter may be called __proto__.
  const query = Object.create(null) as Record<string, string>;
  const problems: Problem[] = [];
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1));
    if (name === null) problems.push({ path: '', reason: 'the query string is not valid percent-encoded UTF-8' });
    else if (value === null) problems.push({ path: name.slice(0, 200), reason: 'is not valid percent-encoded UTF-8' });
    else if (name in query) problems.push({ path: name.slice(0, 200), reason: 'is given more than once' });
    else query[name] = value;
  }
  if (problems.length > 0) Object.defineProperty(query, PROBLEMS, { value: problems.slice(0, 20) });
  return query;
}

export function problemsOfQuery(query: Query): readonly Problem[] {
  return query[PROBLEMS] ?? [];
}

function decode(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return null;
  }
}
