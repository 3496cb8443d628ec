import type { User } from '@nova/client';
import type { ReactNode } from 'react';
import { Link } from '../../router/link.js';
import { Avatar } from '../../ui/avatar.js';
import styles from './profile.module.css';

/** Somebody in a list, with what can be done beside the name. */
export function PersonRow({ user, children }: { readonly user: User; readonly children?: ReactNode }) {
  return (
    <div className={styles.person}>
      <Avatar user={user} />
      <Link to={`/@${user.handle}`}>
        <span className={styles.personName}>{user.displayName}</span>
        <span>@{user.handle}</span>
        {user.bio !== '' && <span>{user.bio}</span>}
      </Link>
      {children}
    </div>
  );
}
