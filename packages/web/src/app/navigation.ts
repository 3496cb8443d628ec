import type { IconName } from '../ui/icon.js';

export interface Place {
  readonly to: string;
  readonly text: string;
  readonly icon: IconName;
}

/** Where one goes from anywhere. The rail shows all; the bar of a phone the first ones, and the rest under More. */
export function placesOf(handle: string | undefined): readonly Place[] {
  return [
    { to: '/', text: 'Home', icon: 'home' },
    ...(handle === undefined ? [] : [{ to: `/@${handle}`, text: 'Profile', icon: 'person' } as const]),
    { to: '/drafts', text: 'Drafts', icon: 'draft' },
    { to: '/settings', text: 'Settings', icon: 'settings' },
  ];
}

/** Whether a page stands below a place of the navigation. */
export function isWithin(path: string, { to }: Place): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
}
