import { isNovaError } from '@nova/client';
import type { ReactNode } from 'react';
import { errorText } from '../text/error-text.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';
import styles from './states.module.css';

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Where there is nothing: why, and what can be done. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <Icon name={icon} size={32} />
      <p className={styles.title}>{title}</p>
      {children !== undefined && <p className={styles.text}>{children}</p>}
      {action}
    </div>
  );
}

interface ErrorStateProps {
  readonly error: Error;
  /** Tries again; left out where that cannot help. */
  readonly onRetry?: (() => void) | undefined;
}

/** Where something could not be loaded. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const requestId = isNovaError(error) ? error.requestId : null;
  return (
    <div className={styles.state} role="alert">
      <p className={styles.title}>That did not work</p>
      <p className={styles.text}>{errorText(error)}</p>
      {onRetry !== undefined && (
        <Button onClick={onRetry}>
          <Icon name="refresh" size={18} /> Try again
        </Button>
      )}
      {requestId !== null && <p className={styles.reference}>Reference {requestId}</p>}
    </div>
  );
}

/** What a form says when it could not be sent. */
export function Alert({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className={styles.alert}>
      {children}
    </p>
  );
}

/** What a form says when it was sent. */
export function Done({ children }: { readonly children: ReactNode }) {
  return (
    <p role="status" className={styles.good}>
      {children}
    </p>
  );
}

/** The shape of what is coming. */
export function Skeleton({ rows = 4 }: { readonly rows?: number }) {
  return (
    <div className={styles.bones} role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same, and none ever moves
        <div key={row} className={styles.bone} aria-hidden="true">
          <span />
          <div className={styles.lines}>
            <span />
            <span />
            <span />
          </div>
        </div>
      ))}
    </div>
  );
}
