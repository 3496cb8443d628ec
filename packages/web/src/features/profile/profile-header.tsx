import type { UserProfile } from '@nova/client';
import { Link } from '../../router/link.js';
import { compact } from '../../text/counts.js';
import { Avatar } from '../../ui/avatar.js';
import { ButtonLink } from '../../ui/button.js';
import { BlockMenu } from './block-menu.js';
import { FollowButton } from './follow-button.js';
import styles from './profile.module.css';

export function ProfileHeader({ profile, isOwn }: { readonly profile: UserProfile; readonly isOwn: boolean }) {
  const { handle, displayName, bio, counts, viewer, createdAt } = profile;
  const since = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' }).format(Date.parse(createdAt));
  return (
    <div className={styles.header}>
      <div className={styles.top}>
        <Avatar user={profile} size="large" />
        <div className={styles.actions}>
          {isOwn && <ButtonLink to="/settings">Edit profile</ButtonLink>}
          {viewer !== null && (
            <>
              <FollowButton profile={profile} />
              <BlockMenu profile={profile} />
            </>
          )}
        </div>
      </div>
      <p className={styles.name}>{displayName}</p>
      <p className={styles.handle}>
        @{handle}
        {viewer?.followedBy === true && <span className={styles.badge}>Follows you</span>}
      </p>
      {bio !== '' && (
        <p className={styles.bio} dir="auto">
          {bio}
        </p>
      )}
      <p className={styles.counts}>
        <Link to={`/@${handle}/following`}>
          <strong>{compact(counts.following)}</strong> following
        </Link>
        <Link to={`/@${handle}/followers`}>
          <strong>{compact(counts.followers)}</strong> {counts.followers === 1 ? 'follower' : 'followers'}
        </Link>
        <span>Here since {since}</span>
      </p>
    </div>
  );
}
