import type { Page } from '@nova/client';
import type { UsedPages } from '@nova/client/react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { errorText } from '../text/error-text.js';
import { Button } from './button.js';
import { ErrorState, Skeleton } from './states.js';
import styles from './states.module.css';

interface PagedListProps<T> {
  readonly pages: UsedPages<Page<T>>;
  /** What the list is of, for who hears it. */
  readonly label: string;
  readonly keyOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
  readonly empty: ReactNode;
  readonly className?: string | undefined;
}

/**
 * A list that goes on: by itself when its end comes near, and by a button, which is what keyboards and screen readers
 * use and which stays where it is when a page could not be loaded. The first item of a page asked for by the button
 * gets the focus.
 */
export function PagedList<T>({ pages, label, keyOf, children, empty, className }: PagedListProps<T>) {
  const { items, error, isLoading, hasMore, loadMore, refresh } = pages;
  const list = useRef<HTMLUListElement>(null);
  const [focusAt, setFocusAt] = useState<number | null>(null);

  useEffect(() => {
    if (focusAt === null || items.length <= focusAt) return;
    list.current?.children[focusAt]?.querySelector<HTMLElement>('a, button')?.focus();
    setFocusAt(null);
  }, [focusAt, items.length]);

  if (items.length === 0) {
    if (error !== null) return <ErrorState error={error} onRetry={() => void refresh()} />;
    return isLoading ? <Skeleton /> : empty;
  }
  return (
    <>
      <ul ref={list} aria-label={label} aria-busy={isLoading} className={className}>
        {items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      {error !== null && (
        <p role="alert" className={styles.more}>
          {errorText(error)}
        </p>
      )}
      {hasMore && (
        <div className={styles.more}>
          {error === null && !isLoading && <NearEnd onNear={() => void loadMore()} />}
          <Button
            isBusy={isLoading}
            onClick={() => {
              setFocusAt(items.length);
              void loadMore();
            }}
          >
            {isLoading ? 'Loading' : error === null ? 'Load more' : 'Try again'}
          </Button>
        </div>
      )}
      <p role="status" className="visually-hidden">
        {isLoading ? '' : `${items.length} shown${hasMore ? '' : ', that is all'}`}
      </p>
    </>
  );
}

/** Notices when the reader comes near it. */
function NearEnd({ onNear }: { readonly onNear: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) onNear();
      },
      { rootMargin: '600px' },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [onNear]);
  return <div ref={place} />;
}
