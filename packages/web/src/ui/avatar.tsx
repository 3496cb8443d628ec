import type { User } from '@nova/client';
import styles from './avatar.module.css';
import { classes } from './classes.js';
import { hueOf, initialsOf } from './initials.js';

interface AvatarProps {
  readonly user: Pick<User, 'id' | 'displayName' | 'handle'>;
  readonly size?: 'small' | 'medium' | 'large';
}

/** Stands beside the name, and so says nothing itself. */
export function Avatar({ user, size = 'medium' }: AvatarProps) {
  return (
    <span aria-hidden="true" data-hue={hueOf(user.id)} className={classes(styles.avatar, styles[size])}>
      {initialsOf(user.displayName === '' ? user.handle : user.displayName)}
    </span>
  );
}
