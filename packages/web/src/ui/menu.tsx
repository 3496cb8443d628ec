import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './button.js';
import { classes } from './classes.js';
import { Icon, type IconName } from './icon.js';
import styles from './menu.module.css';

export interface MenuItem {
  readonly icon: IconName;
  readonly text: string;
  readonly isDanger?: boolean;
  readonly onPick: () => void;
}

/** What else can be done, behind a button: arrows move, Esc closes and gives the focus back, Tab leaves. */
export function Menu({ label, items, icon = 'more' }: { label: string; items: readonly MenuItem[]; icon?: IconName }) {
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!isOpen) return;
    itemsOf(menu.current)[0]?.focus();
    const closeOutside = ({ target }: PointerEvent): void => {
      if (target instanceof Node && menu.current?.contains(target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const giveBack = (): void => {
    setOpen(false);
    menu.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = itemsOf(menu.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      all.at(next % all.length)?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      giveBack();
    } else if (event.key === 'Tab') setOpen(false);
  };

  return (
    <div className={styles.menu} ref={menu}>
      <IconButton
        icon={icon}
        label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <div role="menu" tabIndex={-1} id={id} aria-label={label} className={styles.list} onKeyDown={onKeyDown}>
          {items.map(({ icon: itemIcon, text, isDanger, onPick }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={classes(styles.item, isDanger === true && styles.danger)}
              onClick={() => {
                // First: a dialog that opens gives the focus back to the button then.
                giveBack();
                onPick();
              }}
            >
              <Icon name={itemIcon} size={18} />
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}
