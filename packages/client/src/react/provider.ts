import { createContext, createElement, type ReactElement, type ReactNode, useContext, useEffect, useMemo } from 'react';
import type { Nova } from '../nova.js';
import { Cache } from './cache.js';

interface Surroundings {
  readonly nova: Nova;
  readonly cache: Cache;
}

const Context = createContext<Surroundings | null>(null);

/** Gives a client to the hooks below it, which share what they load. Another user starts with nothing of the last. */
export function NovaProvider({ nova, children }: { readonly nova: Nova; readonly children?: ReactNode }): ReactElement {
  const surroundings = useMemo(() => ({ nova, cache: new Cache() }), [nova]);
  useEffect(() => {
    const { cache } = surroundings;
    return nova.session.subscribe(() => cache.reset());
  }, [nova, surroundings]);
  return createElement(Context.Provider, { value: surroundings }, children);
}

export function useSurroundings(): Surroundings {
  const surroundings = useContext(Context);
  if (surroundings === null) throw new Error('the hooks of @nova/client/react work below a <NovaProvider>');
  return surroundings;
}

/** The client of the provider. */
export function useNova(): Nova {
  return useSurroundings().nova;
}
