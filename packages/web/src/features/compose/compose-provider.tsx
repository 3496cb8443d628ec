import type { Draft } from '@nova/client';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { ComposeDialog } from './compose-dialog.js';

interface Compose {
  /** Opens the dialog for a new post, with these first words. */
  write(body?: string): void;
  /** Goes on with a draft. */
  resume(draft: Draft): void;
}

type Opened = { readonly kind: 'new'; readonly body: string } | { readonly kind: 'draft'; readonly draft: Draft };

const Context = createContext<Compose | null>(null);

/** One place to write posts, which any page opens. */
export function ComposeProvider({ children }: { readonly children: ReactNode }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const compose = useMemo<Compose>(
    () => ({
      write: (body = '') => setOpened({ kind: 'new', body }),
      resume: (draft) => setOpened({ kind: 'draft', draft }),
    }),
    [],
  );
  return (
    <Context.Provider value={compose}>
      {children}
      {opened !== null && (
        <ComposeDialog
          draft={opened.kind === 'draft' ? opened.draft : null}
          body={opened.kind === 'new' ? opened.body : ''}
          onClose={() => setOpened(null)}
        />
      )}
    </Context.Provider>
  );
}

export function useCompose(): Compose {
  const compose = useContext(Context);
  if (compose === null) throw new Error('useCompose works below a <ComposeProvider>');
  return compose;
}
