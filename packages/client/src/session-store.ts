/** A session that this client may use. */
export interface StoredSession {
  readonly token: string;
  readonly userId: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

/** Where the session is kept. Another one is two functions: over a keychain, say, or a cookie. */
export interface SessionStore {
  /** The same object as long as nothing has changed. */
  read(): StoredSession | null;
  write(session: StoredSession | null): void;
  /** Tells when something else has changed it. @returns ends that */
  onChange?(listener: () => void): () => void;
}

/** Forgets with the program. */
export function createMemoryStore(): SessionStore {
  let session: StoredSession | null = null;
  return {
    read: () => session,
    write: (next) => {
      session = next;
    },
  };
}

/** The part of `localStorage` that is needed. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What a window has of it; not everything that runs JavaScript has one. */
interface Surroundings {
  readonly localStorage?: KeyValueStorage;
  addEventListener?(type: 'storage', listener: (event: { readonly key: string | null }) => void): void;
  removeEventListener?(type: 'storage', listener: (event: { readonly key: string | null }) => void): void;
}

/**
 * Keeps the session in `localStorage`, shared by all tabs of the app. Where there is none, or it is closed to us or
 * full, the session lasts as long as the page: signing in works all the same.
 */
export function createLocalStore(key = 'nova.session', storage?: KeyValueStorage): SessionStore {
  const { addEventListener, removeEventListener } = globalThis as Surroundings;
  let text: string | null = null;
  let session: StoredSession | null = null;

  /** From when a write has failed, what this page knows is what there is. */
  let isClosed = false;

  const take = (found: string | null): void => {
    if (found === text) return;
    text = found;
    session = parse(found);
  };
  /** Hands over the storage as long as it works. */
  const use = (work: (kept: KeyValueStorage) => void): void => {
    if (isClosed) return;
    try {
      const kept = storage ?? (globalThis as Surroundings).localStorage;
      if (kept !== undefined) work(kept);
    } catch {
      // Forbidden by the user (the property alone throws then), or full.
      isClosed = true;
    }
  };
  return {
    read() {
      use((kept) => take(kept.getItem(key)));
      return session;
    },
    write(next) {
      take(next === null ? null : JSON.stringify(next));
      use((kept) => {
        if (text === null) kept.removeItem(key);
        else kept.setItem(key, text);
      });
    },
    onChange(listener) {
      const onStorage = ({ key: changed }: { readonly key: string | null }): void => {
        if (changed === key || changed === null) listener();
      };
      addEventListener?.call(globalThis, 'storage', onStorage);
      return () => removeEventListener?.call(globalThis, 'storage', onStorage);
    },
  };
}

/** Anybody may have written there: null for what is no session. */
function parse(text: string | null): StoredSession | null {
  try {
    const { token, userId, expiresAt } = JSON.parse(text ?? '{}') as Partial<Record<keyof StoredSession, unknown>>;
    if (typeof token !== 'string' || typeof userId !== 'string' || typeof expiresAt !== 'string') return null;
    return Number.isNaN(Date.parse(expiresAt)) ? null : { token, userId, expiresAt };
  } catch {
    return null;
  }
}
