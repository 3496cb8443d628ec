import { useSession } from '@nova/client/react';
import type { ReactNode } from 'react';
import { SignOutButton } from '../features/account/sign-out-button.js';
import { useMe } from '../features/account/use-me.js';
import { useCompose } from '../features/compose/compose-provider.js';
import { Link } from '../router/link.js';
import { usePath } from '../router/location.js';
import { Avatar } from '../ui/avatar.js';
import { Button, ButtonLink } from '../ui/button.js';
import { classes } from '../ui/classes.js';
import { Icon, Wordmark } from '../ui/icon.js';
import { isWithin, type Place, placesOf } from './navigation.js';
import styles from './shell.module.css';

/** What stands around every page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { session } = useSession();
  return (
    <>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      {session === null ? (
        <Visitor>{children}</Visitor>
      ) : (
        <div className={styles.shell}>
          <Rail />
          <main id="main" tabIndex={-1} className={styles.main}>
            {children}
          </main>
          <Bar />
        </div>
      )}
    </>
  );
}

function Visitor({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.visitor}>
      <header className={styles.top}>
        <Link to="/" className={styles.mark}>
          <Wordmark /> Nova
        </Link>
        <nav aria-label="Account">
          <ButtonLink to="/signin" look="quiet">
            Sign in
          </ButtonLink>
          <ButtonLink to="/signup">Sign up</ButtonLink>
        </nav>
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}

function Rail() {
  const { data: me } = useMe();
  const compose = useCompose();
  return (
    <header className={styles.rail}>
      <Link to="/" className={styles.mark}>
        <Wordmark /> Nova
      </Link>
      <nav aria-label="Main">
        <ul>
          {placesOf(me?.handle).map((place) => (
            <li key={place.to}>
              <PlaceLink place={place} />
            </li>
          ))}
        </ul>
      </nav>
      <Button look="primary" isWide onClick={() => compose.write()}>
        <Icon name="pen" size={18} /> Write a post
      </Button>
      <div className={styles.account}>
        {me !== undefined && (
          <>
            <Avatar user={me} size="small" />
            <p>
              <strong>{me.displayName}</strong>
              <span>@{me.handle}</span>
            </p>
          </>
        )}
        <SignOutButton isIcon />
      </div>
    </header>
  );
}

/** The navigation of a phone, in reach of a thumb. */
function Bar() {
  const { data: me } = useMe();
  const compose = useCompose();
  const [home, profile] = placesOf(me?.handle);
  const more: Place = { to: '/more', text: 'More', icon: 'list' };
  return (
    <nav className={styles.bar} aria-label="Main">
      {home !== undefined && <PlaceLink place={home} />}
      <button type="button" className={styles.write} onClick={() => compose.write()}>
        <Icon name="plus" size={22} />
        <span className="visually-hidden">Write a post</span>
      </button>
      {profile !== undefined && <PlaceLink place={profile} />}
      <PlaceLink place={more} />
    </nav>
  );
}

function PlaceLink({ place }: { readonly place: Place }) {
  const path = usePath();
  const isCurrent = isWithin(path, place);
  return (
    <Link
      to={place.to}
      aria-current={isCurrent ? 'page' : undefined}
      className={classes(styles.place, isCurrent && styles.current)}
    >
      <Icon name={place.icon} size={22} isFilled={isCurrent && place.icon === 'home'} />
      <span>{place.text}</span>
    </Link>
  );
}
