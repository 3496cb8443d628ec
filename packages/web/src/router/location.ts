import { useSyncExternalStore } from 'react';

/** Told when this page changes its address itself; the browser tells only of going back and forth. */
const NAVIGATED = 'nova:navigated';

/** Where the page was scrolled to when it was left, by the key of its entry in the history. */
const positions = new Map<string, number>();
/** More places to go back to than anybody does. */
const MAX_POSITIONS = 50;

interface EntryState {
  readonly key: string;
}

function keyOfEntry(): string {
  return (window.history.state as EntryState | null)?.key ?? 'first';
}

let keyOfPage = 'first';
let keys = 0;

/** Goes to another address of the app. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  rememberPosition();
  keys += 1;
  const state: EntryState = { key: `${Date.now()}-${keys}` };
  if (replace) window.history.replaceState(state, '', to);
  else window.history.pushState(state, '', to);
  keyOfPage = state.key;
  window.dispatchEvent(new Event(NAVIGATED));
}

/** Where the page of the current address was scrolled to; 0 for one that is new. */
export function rememberedPosition(): number {
  return positions.get(keyOfEntry()) ?? 0;
}

function rememberPosition(): void {
  positions.delete(keyOfPage);
  positions.set(keyOfPage, window.scrollY);
  const [oldest] = positions.keys();
  if (positions.size > MAX_POSITIONS && oldest !== undefined) positions.delete(oldest);
}

/** The path of the page, kept up to date. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** Once, before anything else listens: going back and forth finds pages as they were left. */
export function watchHistory(): void {
  // The browser would do it before the page is there.
  window.history.scrollRestoration = 'manual';
  window.addEventListener('popstate', () => {
    rememberPosition();
    keyOfPage = keyOfEntry();
  });
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(NAVIGATED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(NAVIGATED, listener);
  };
}
