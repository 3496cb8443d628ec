import { useEffect, useLayoutEffect } from 'react';
import { rememberedPosition } from './location.js';

let isFirstPage = true;

/**
 * What a browser does when it loads a page, for one that is only swapped: it is named, scrolled to where it was left,
 * and its heading gets the focus, so that whoever listens hears where they are.
 */
export function usePageArrival(path: string): void {
  useLayoutEffect(() => {
    if (isFirstPage) {
      isFirstPage = false;
      return;
    }
    void path;
    window.scrollTo(0, rememberedPosition());
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [path]);
}

/** Names the page in the tab and the history. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === 'Nova' ? title : `${title} · Nova`;
  }, [title]);
}
