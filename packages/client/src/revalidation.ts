/** An answer that may still hold. */
export interface Known {
  readonly etag: string;
  readonly data: unknown;
}

/** Answers of reads by who asked and for what, so that the server can say "unchanged" instead of sending them again. */
export interface Revalidation {
  known(url: string, authorization: string | undefined): Known | undefined;
  remember(url: string, authorization: string | undefined, known: Known): void;
}

/** @param maxEntries those used last are kept; with 0 none, which is right in browsers: their cache does it already */
export function createRevalidation(maxEntries: number): Revalidation {
  const entries = new Map<string, Known>();
  const keyOf = (url: string, authorization = ''): string => `${authorization}\n${url}`;
  const put = (key: string, known: Known): void => {
    entries.delete(key);
    entries.set(key, known);
    for (const [oldest] of entries) {
      if (entries.size <= maxEntries) return;
      entries.delete(oldest);
    }
  };
  return {
    known(url, authorization) {
      const key = keyOf(url, authorization);
      const known = entries.get(key);
      if (known !== undefined) put(key, known);
      return known;
    },
    remember: (url, authorization, known) => put(keyOf(url, authorization), known),
  };
}
