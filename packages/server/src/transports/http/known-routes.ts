interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Which methods each path takes, to tell 405 from 404 and to fill `Allow`: the router itself only says
 * that nothing matched. Looked at for refused requests and OPTIONS only.
 */
export class KnownRoutes {
  readonly #paths = new Map<string, KnownPath>();

  /** @param url a path with `:name` parameters, or ending in `*` */
  add(url: string, methods: readonly string[]): void {
    let known = this.#paths.get(url);
    if (known === undefined) {
      known = { pattern: patternOf(url), methods: new Set() };
      this.#paths.set(url, known);
    }
    for (const method of methods) known.methods.add(method);
  }

  /** For the header `Allow`; `null` when there is nothing at this path. */
  allow(url: string): string | null {
    const end = url.indexOf('?');
    const path = end === -1 ? url : url.slice(0, end);
    const methods = new Set<string>();
    for (const known of this.#paths.values()) {
      if (known.pattern.test(path)) for (const method of known.methods) methods.add(method);
    }
    return methods.size === 0 ? null : [...methods, 'OPTIONS'].sort().join(', ');
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((segment) => {
      if (segment === '*') return '.*';
      if (segment.startsWith(':')) return '[^/]+';
      return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}
