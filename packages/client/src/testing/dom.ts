import { Window } from 'happy-dom';
import { act, type ReactNode } from 'react';
import type { Root } from 'react-dom/client';

const DEADLINE_MS = 15_000;

/** `act` of React for work that takes time, without its overload for work that does not. */
export const acting = act as <T>(work: () => Promise<T>) => Promise<T>;

export interface Dom {
  /** The text of what is shown. */
  readonly text: string;
  render(element: ReactNode): Promise<void>;
  /** Clicks on the first element that the selector finds. */
  click(selector: string): void;
  /** Renders on until this holds. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * A document in this process, and React at work in it. `fetch`, `URL` and `AbortController` stay those of Node: those
 * of happy-dom would keep the rules of a page's origin, which a test of the hooks has no use for.
 */
export async function openDom(): Promise<Dom> {
  const window = new Window({ url: 'http://localhost/' });
  const { document, navigator } = window;
  // Newer versions of Node have a navigator of their own, which cannot be assigned.
  for (const [name, value] of Object.entries({ window, document, navigator, IS_REACT_ACT_ENVIRONMENT: true })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  // React looks for a window when it is loaded.
  const { createRoot } = await import('react-dom/client');
  const container = document.createElement('div');
  document.body.append(container);
  const root: Root = createRoot(container as unknown as Parameters<typeof createRoot>[0]);
  return {
    get text() {
      return container.textContent ?? '';
    },
    async render(element) {
      await acting(async () => root.render(element));
    },
    click(selector) {
      const element = container.querySelector(selector);
      if (element === null) throw new Error(`nothing is a ${selector} in ${container.innerHTML}`);
      element.dispatchEvent(new window.MouseEvent('click', { bubbles: true }));
    },
    async until(holds) {
      const endsAt = Date.now() + DEADLINE_MS;
      while (!holds()) {
        if (Date.now() > endsAt) throw new Error(`it does not come to that; shown is: ${container.textContent}`);
        await acting(() => new Promise<void>((resolve) => setImmediate(resolve)));
      }
    },
    async close() {
      await acting(async () => root.unmount());
      await window.happyDOM.close();
      for (const name of ['window', 'document', 'navigator', 'IS_REACT_ACT_ENVIRONMENT'])
        Reflect.deleteProperty(globalThis, name);
    },
  };
}
