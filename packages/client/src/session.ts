import type { TokenProvider } from './credentials.js';
import { isNovaError, NovaError } from './errors.js';
import { type SignInInput, type SignUpInput, signIn, signOut, signUp } from './generated/domains/identity.js';
import type { SignedIn, User } from './generated/schemas.js';
import type { CallOptions } from './operation.js';
import type { SessionStore, StoredSession } from './session-store.js';
import type { Transport } from './transport.js';

export type SessionEvent =
  | { readonly type: 'signedIn'; readonly session: StoredSession }
  | { readonly type: 'signedOut'; readonly reason: SignOutReason };

export type SignOutReason =
  /** The user has done it here. */
  | 'signed_out'
  /** Its time was up. */
  | 'expired'
  /** The server no longer takes it: ended on another device, or by an operator. */
  | 'rejected'
  /** In another tab. */
  | 'elsewhere';

/** The signed-in user of a client: kept in a store, shown to the server with every call. */
export interface NovaSession {
  /** Null when nobody is signed in. The same object until that changes. */
  readonly current: StoredSession | null;
  /** Makes an account and signs in. @throws NovaError `handle_taken`, `email_taken`, `invalid_request`, ... */
  signUp(input: SignUpInput, options?: CallOptions): Promise<User>;
  /** @throws NovaError `invalid_credentials`, `rate_limited`, ... */
  signIn(input: SignInInput, options?: CallOptions): Promise<User>;
  /** Forgets the session at once and ends it on the server. @throws NovaError when that could not be reached */
  signOut(options?: CallOptions): Promise<void>;
  /** @returns ends the subscription */
  subscribe(listener: (event: SessionEvent) => void): () => void;
}

/** The local half: what is stored, and who is told when it changes. */
export interface SessionState {
  readonly current: StoredSession | null;
  readonly token: TokenProvider;
  set(session: StoredSession | null, reason?: SignOutReason): void;
  subscribe(listener: (event: SessionEvent) => void): () => void;
}

export function createSessionState(store: SessionStore, now: () => number = Date.now): SessionState {
  const listeners = new Set<(event: SessionEvent) => void>();
  let stopWatching: (() => void) | undefined;
  /** What listeners have been told last. */
  let told = store.read();

  const tell = (reason: SignOutReason): void => {
    const session = store.read();
    if (session?.token === told?.token) return;
    told = session;
    const event: SessionEvent = session === null ? { type: 'signedOut', reason } : { type: 'signedIn', session };
    for (const listener of [...listeners]) listener(event);
  };
  const set = (session: StoredSession | null, reason: SignOutReason = 'signed_out'): void => {
    store.write(session);
    tell(reason);
  };
  const current = (): StoredSession | null => {
    const session = store.read();
    return session !== null && Date.parse(session.expiresAt) <= now() ? null : session;
  };

  return {
    get current() {
      return current();
    },
    set,
    token: ({ rejected }) => {
      const session = store.read();
      if (session === null) return null;
      if (current() === null) set(null, 'expired');
      // Not when another tab has signed in again meanwhile.
      else if (session.token === rejected) set(null, 'rejected');
      return store.read()?.token ?? null;
    },
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        told = store.read();
        stopWatching = store.onChange?.(() => tell('elsewhere'));
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stopWatching?.();
        stopWatching = undefined;
      };
    },
  };
}

/**
 * @param state null for a client that has got a token of its own, which no session may replace
 */
export function createSession(transport: Transport, state: SessionState | null): NovaSession {
  const known = (): SessionState => {
    if (state === null)
      throw new TypeError('this client was made with a token of its own: leave it out to use sessions');
    return state;
  };
  /** Whoever signs in shows no token: an old one would be refused before the password is looked at. */
  const anonymous = (options?: CallOptions): CallOptions => ({ ...options, token: null });
  const enter = ({ user, token, expiresAt }: SignedIn & { readonly token: string }): User => {
    known().set({ token, userId: user.id, expiresAt });
    return user;
  };
  /** The answer of a repeated call carries no token (I3): then the first answer was lost, and another session is made. */
  const signInOnce = async (input: SignInInput, options?: CallOptions): Promise<User> => {
    for (let times = 0; times < 2; times += 1) {
      const { data } = await transport.call(signIn, input, anonymous(options));
      if (hasToken(data)) return enter(data);
    }
    throw new NovaError('invalid_response', 'invalid_response: signIn answers no token', { retryable: true });
  };

  return {
    get current() {
      return state?.current ?? null;
    },
    async signUp(input, options) {
      known();
      const { data } = await transport.call(signUp, input, anonymous(options));
      if (hasToken(data)) return enter(data);
      return await signInOnce({ login: input.handle, password: input.password }, withoutKey(options));
    },
    async signIn(input, options) {
      known();
      return await signInOnce(input, withoutKey(options));
    },
    async signOut(options) {
      const { current, set } = known();
      if (current === null) return;
      set(null);
      try {
        await transport.call(signOut, {}, { ...options, token: current.token });
      } catch (error) {
        // Ended already; by the attempt before this one, whose answer was lost, for example.
        if (!isNovaError(error, 'unauthenticated')) throw error;
      }
    },
    subscribe: (listener) => state?.subscribe(listener) ?? (() => {}),
  };
}

function hasToken(signedIn: SignedIn): signedIn is SignedIn & { readonly token: string } {
  return typeof signedIn.token === 'string';
}

/** A key of the caller would bring the answer without a token for ever. */
function withoutKey({ idempotencyKey: _, ...options }: CallOptions = {}): CallOptions {
  return options;
}
