import { SignOutButton } from '../features/account/sign-out-button.js';
import { useMe } from '../features/account/use-me.js';
import { Link } from '../router/link.js';
import { Icon } from '../ui/icon.js';
import { Page, Sheet } from '../ui/page.js';
import styles from './more-page.module.css';
import { placesOf } from './navigation.js';

/** What the bar of a phone has no room for. */
export function MorePage() {
  const { data: me } = useMe();
  return (
    <Page title="More">
      <Sheet>
        <ul className={styles.places}>
          {placesOf(me?.handle).map(({ to, text, icon }) => (
            <li key={to}>
              <Link to={to}>
                <Icon name={icon} />
                {text}
              </Link>
            </li>
          ))}
        </ul>
        <div className={styles.end}>
          <SignOutButton />
        </div>
      </Sheet>
    </Page>
  );
}
