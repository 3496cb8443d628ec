import { Choices } from '../../ui/tabs.js';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page.js';
import { type Theme, useTheme } from './theme.js';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AppearancePage() {
  const [theme, choose] = useTheme();
  return (
    <SettingsPage title="Appearance">
      <div className={styles.form}>
        <h2>Theme</h2>
        <Choices label="Theme" value={theme} options={THEMES} onPick={choose} />
        <p>It holds for this browser. Motion follows the setting of your system.</p>
      </div>
    </SettingsPage>
  );
}
