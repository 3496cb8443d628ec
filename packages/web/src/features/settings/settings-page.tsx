import type { ReactNode } from 'react';
import { Page, Sheet } from '../../ui/page.js';
import { PageTabs } from '../../ui/tabs.js';

const TABS = [
  ['/settings', 'Profile'],
  ['/settings/appearance', 'Appearance'],
  ['/settings/sessions', 'Sessions'],
  ['/settings/blocks', 'Blocked'],
] as const;

/** One page of the settings, below the tabs of all. */
export function SettingsPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Page title={title}>
      <Sheet>
        <PageTabs label="Settings" tabs={TABS} />
        {children}
      </Sheet>
    </Page>
  );
}
