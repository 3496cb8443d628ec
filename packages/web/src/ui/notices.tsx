import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { errorText } from '../text/error-text.js';
import styles from './notices.module.css';

interface NoticeAction {
  readonly text: string;
  readonly onPick: () => void;
}

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly action: NoticeAction | undefined;
}

interface Notices {
  /** Says what has happened; with a way to take it back, if there is one. */
  say(text: string, action?: NoticeAction): void;
  /** Says why something did not happen. */
  sayError(error: unknown): void;
}

const Context = createContext<Notices | null>(null);
/** Longer where there is something to press. */
const SHOWN_MS = 5_000;
const SHOWN_WITH_ACTION_MS = 12_000;
const MAX_SHOWN = 2;

export function NoticesProvider({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const dismiss = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const said = useMemo<Notices>(() => {
    let ids = 0;
    const say: Notices['say'] = (text, action) => {
      ids += 1;
      const id = ids;
      setNotices((all) => [...all, { id, text, action }].slice(-MAX_SHOWN));
      setTimeout(dismiss, action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS, id);
    };
    return { say, sayError: (error) => say(errorText(error)) };
  }, [dismiss]);
  return (
    <Context.Provider value={said}>
      {children}
      {/* Always there: a region that comes with its text is not read by all screen readers. */}
      <section className={styles.notices} aria-label="Notices" aria-live="polite">
        {notices.map(({ id, text, action }) => (
          <div key={id} className={styles.notice}>
            <span>{text}</span>
            {action !== undefined && (
              <button
                type="button"
                onClick={() => {
                  dismiss(id);
                  action.onPick();
                }}
              >
                {action.text}
              </button>
            )}
          </div>
        ))}
      </section>
    </Context.Provider>
  );
}

export function useNotices(): Notices {
  const notices = useContext(Context);
  if (notices === null) throw new Error('useNotices works below a <NoticesProvider>');
  return notices;
}
