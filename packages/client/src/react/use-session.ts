import { useMemo, useSyncExternalStore } from 'react';
import type { NovaSession } from '../session.js';
import type { StoredSession } from '../session-store.js';
import { useNova } from './provider.js';

export type UsedSession = Pick<NovaSession, 'signIn' | 'signUp' | 'signOut'> & {
  /** Null when nobody is signed in, and while a page is rendered on a server. */
  readonly session: StoredSession | null;
};

/** Who is signed in, and how to change that. */
export function useSession(): UsedSession {
  const { session } = useNova();
  const current = useSyncExternalStore(
    session.subscribe,
    () => session.current,
    () => null,
  );
  const { signIn, signUp, signOut } = session;
  return useMemo(() => ({ session: current, signIn, signUp, signOut }), [current, signIn, signUp, signOut]);
}
