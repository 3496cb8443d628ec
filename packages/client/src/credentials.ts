/**
 * Where the bearer token comes from: a fixed one, or a function that is asked before each call. After the server has
 * refused a token the function is asked once more, with that token as `rejected`, for a fresh one; `null` when there is
 * none. Calls that were refused at the same time share the answer.
 */
export type TokenProvider = string | ((reason: { readonly rejected: string | null }) => MaybePromise<string | null>);

type MaybePromise<T> = T | Promise<T>;

export interface Credentials {
  current(): Promise<string | null>;
  /** A token other than the rejected one, or null when there is none. */
  refresh(rejected: string): Promise<string | null>;
}

export function createCredentials(provider: TokenProvider | undefined): Credentials {
  if (typeof provider !== 'function') {
    const fixed = provider ?? null;
    return { current: async () => fixed, refresh: async () => null };
  }
  const ask = async (rejected: string | null): Promise<string | null> => provider({ rejected });
  const underWay = new Map<string, Promise<string | null>>();
  return {
    current: () => ask(null),
    refresh(rejected) {
      const known = underWay.get(rejected);
      if (known !== undefined) return known;
      const asked = (async () => {
        try {
          // Another call may have brought a new one while this one was on its way.
          const present = await ask(null);
          const fresh = present !== null && present !== rejected ? present : await ask(rejected);
          return fresh === rejected ? null : fresh;
        } finally {
          underWay.delete(rejected);
        }
      })();
      underWay.set(rejected, asked);
      return asked;
    },
  };
}
