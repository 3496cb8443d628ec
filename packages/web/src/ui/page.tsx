import type { ReactNode } from 'react';
import { navigate } from '../router/location.js';
import { useTitle } from '../router/use-page.js';
import { IconButton } from './button.js';
import { classes } from './classes.js';
import styles from './page.module.css';

interface PageProps {
  readonly title: string;
  readonly note?: string | undefined;
  /** Where the way back leads when there is no history: a page of its own shows it. */
  readonly parent?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page below its heading. */
export function Page({ title, note, parent, actions, children }: PageProps) {
  useTitle(title);
  return (
    <>
      <header className={styles.head}>
        {parent !== undefined && <IconButton icon="back" label="Back" onClick={() => goBack(parent)} />}
        <div className={styles.titles}>
          <h1 tabIndex={-1}>{title}</h1>
          {note !== undefined && <p className={styles.note}>{note}</p>}
        </div>
        {actions}
      </header>
      {children}
    </>
  );
}

/** Only where this app was before: a link from elsewhere has another site behind it. */
function goBack(parent: string): void {
  if (window.history.state === null) navigate(parent, { replace: true });
  else window.history.back();
}

interface SheetProps {
  readonly children: ReactNode;
  readonly isPadded?: boolean;
}

/** The paper that things lie on. */
export function Sheet({ children, isPadded = false }: SheetProps) {
  return <div className={classes(styles.sheet, isPadded && styles.padded)}>{children}</div>;
}

/** For lists on a sheet: a hair between each two. */
export const rows = styles.rows;
