export type Params = Readonly<Record<string, string>>;

/**
 * Whether a path is one of a pattern, and what its `:name` segments hold. A segment may begin with other signs
 * (`/@:handle`). A trailing slash makes no difference; a segment that cannot be decoded matches nothing.
 */
export function matchPath(pattern: string, path: string): Params | null {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const colon = segment.indexOf(':');
    const value = decode(given[at] ?? '');
    if (value === null) return null;
    if (colon === -1) {
      if (segment !== value) return null;
      continue;
    }
    const prefix = segment.slice(0, colon);
    if (!value.startsWith(prefix) || value.length === prefix.length) return null;
    params[segment.slice(colon + 1)] = value.slice(prefix.length);
  }
  return params;
}

/** The value of the first pattern that a path is of. */
export function firstMatch<T>(
  routes: readonly (readonly [pattern: string, value: T])[],
  path: string,
): { readonly value: T; readonly params: Params } | null {
  for (const [pattern, value] of routes) {
    const params = matchPath(pattern, path);
    if (params !== null) return { value, params };
  }
  return null;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
