import type { ComponentProps } from 'react';
import { Link } from '../router/link.js';
import styles from './button.module.css';
import { classes } from './classes.js';
import { Icon, type IconName } from './icon.js';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger';

interface Looks {
  readonly look?: ButtonLook;
  readonly isSmall?: boolean;
  readonly isWide?: boolean;
}

interface ButtonProps extends Looks, ComponentProps<'button'> {
  /** Under way: stays focusable and says so, but does nothing. */
  readonly isBusy?: boolean;
}

const looksOf = ({ look = 'secondary', isSmall, isWide }: Looks, more?: string): string =>
  classes(styles.button, styles[look], isSmall === true && styles.small, isWide === true && styles.wide, more);

export function Button({ look, isSmall, isWide, isBusy = false, className, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={looksOf({ ...(look && { look }), ...(isSmall && { isSmall }), ...(isWide && { isWide }) }, className)}
    />
  );
}

export function ButtonLink({ look, isSmall, isWide, className, ...rest }: Looks & ComponentProps<typeof Link>) {
  return (
    <Link
      {...rest}
      className={looksOf({ ...(look && { look }), ...(isSmall && { isSmall }), ...(isWide && { isWide }) }, className)}
    />
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: IconName;
  /** What it does, for those who cannot see it, and as a hint for those who can. */
  readonly label: string;
}

export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(styles.button, styles.quiet, styles.round, className)}
    >
      <Icon name={icon} />
    </button>
  );
}
