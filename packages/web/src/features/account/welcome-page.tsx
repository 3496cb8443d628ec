import { useTitle } from '../../router/use-page.js';
import { ButtonLink } from '../../ui/button.js';
import { Icon, type IconName } from '../../ui/icon.js';
import styles from './account.module.css';

const POINTS: readonly (readonly [icon: IconName, title: string, text: string])[] = [
  ['clock', 'In order', 'Your feed is what the people you follow write, newest first.'],
  ['lock', 'For whom you like', 'Each post is for everybody, for your followers, or for you.'],
  ['history', 'Yours to change', 'Edit what you wrote, and bring back what you deleted.'],
];

/** What visitors see at `/`. */
export function WelcomePage() {
  useTitle('Nova');
  return (
    <div className={styles.welcome}>
      <h1 tabIndex={-1}>
        Small posts, <em>good</em> company.
      </h1>
      <p>Follow people whose words you like, and write a few of your own. No tricks in between.</p>
      <div className={styles.ways}>
        <ButtonLink to="/signup" look="primary">
          Make an account
        </ButtonLink>
        <ButtonLink to="/signin">Sign in</ButtonLink>
      </div>
      <div className={styles.points}>
        {POINTS.map(([icon, title, text]) => (
          <div key={title}>
            <Icon name={icon} size={24} />
            <h2>{title}</h2>
            <p>{text}</p>
          </div>
        ))}
      </div>
    </div>
  );
}
