import { type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react';
import { Button, type ButtonLook, IconButton } from './button.js';
import { classes } from './classes.js';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** For writing in: the whole screen on a phone. */
  readonly isWide?: boolean;
}

/**
 * Open as long as it is rendered. The browser keeps the focus in it, closes it by Esc, and gives the focus back to
 * where it was.
 */
export function Dialog({ title, onClose, children, isWide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still there, or the browser does not give the focus back.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    // Where there is something to write one wants to write; else it is the first thing that can be pressed.
    current?.querySelector<HTMLElement>('textarea')?.focus();
    return () => current?.close();
  }, []);
  const cancel = (event: SyntheticEvent): void => {
    // Whoever has rendered it takes it away.
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={cancel}
      className={classes(styles.dialog, isWide && styles.wide)}
    >
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly look?: ButtonLook;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done that is felt. */
export function ConfirmDialog({ title, children, action, look = 'danger', isBusy, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <DialogActions>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look={look} isBusy={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
