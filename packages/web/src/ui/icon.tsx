/** Drawn on a grid of 24, by strokes of 1.75. */
const PATHS = {
  back: 'M19 12H5m6-6-6 6 6 6',
  block: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.7 5.7l12.6 12.6',
  bookmark: 'M7 4h10a1 1 0 0 1 1 1v15l-6-4-6 4V5a1 1 0 0 1 1-1Z',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.5V12l3 2',
  close: 'm6 6 12 12M18 6 6 18',
  comment: 'M4 5.5h16a.5.5 0 0 1 .5.5v10.5a.5.5 0 0 1-.5.5H11l-4.5 3.5V17H4a.5.5 0 0 1-.5-.5V6a.5.5 0 0 1 .5-.5Z',
  draft: 'M14 3.5H6.5a1 1 0 0 0-1 1v15a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V8L14 3.5Zm0 0V8h4.5M9 12.5h6M9 16h4',
  followers:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 8.5c.4-3.4 3-5.5 6.5-5.5s6.1 2.1 6.5 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .7 3.2 2.4 3.5 5',
  globe:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.2 12h17.6M12 3c2.5 2.5 3.7 5.6 3.7 9s-1.2 6.5-3.7 9c-2.5-2.5-3.7-5.6-3.7-9S9.5 5.5 12 3Z',
  heart: 'M12 20S3.5 15.2 3.5 9.2A4.7 4.7 0 0 1 12 6.6a4.7 4.7 0 0 1 8.5 2.6C20.5 15.2 12 20 12 20Z',
  history: 'M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.3l2.8 1.7',
  home: 'M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-5.5H9V20H4.5a.5.5 0 0 1-.5-.5V11Z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  list: 'M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01',
  lock: 'M6.5 10.5h11a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7.5a1 1 0 0 1 1-1Zm2 0V8a3.5 3.5 0 0 1 7 0v2.5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  pen: 'm14.5 5.5 4 4L8 20H4v-4L14.5 5.5Z',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 9c.5-4 3.4-6.5 7.5-6.5s7 2.5 7.5 6.5',
  pin: 'M9 4h6l-.7 6 3.2 3.5h-11L9.7 10 9 4Zm3 9.5V20',
  plus: 'M12 5v14M5 12h14',
  poll: 'M5 20v-7M12 20V4M19 20v-10',
  quote: 'M5 17.5c2.5-.8 4-3 4-6.5H5V6.5h5V11c0 4-1.7 7-5 8.5v-2Zm9 0c2.5-.8 4-3 4-6.5h-4V6.5h5V11c0 4-1.7 7-5 8.5v-2Z',
  refresh: 'M20 12a8 8 0 1 1-2.6-5.9L20 8.5M20 4v4.5h-4.5',
  repost: 'M7 7h9a2 2 0 0 1 2 2v4m0 0 3-3m-3 3-3-3M17 17H8a2 2 0 0 1-2-2v-4m0 0-3 3m3-3 3 3',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4ZM9 14.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4Z',
  signOut: 'M14 4.5H6a.5.5 0 0 0-.5.5v14a.5.5 0 0 0 .5.5h8M10.5 12H20m-3.5-3.5L20 12l-3.5 3.5',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5M14 11v5',
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
  /** In pixels. */
  readonly size?: number;
  readonly isFilled?: boolean;
}

/** Says nothing by itself: what it stands for is said by the text beside it, or the label around it. */
export function Icon({ name, size = 20, isFilled = false }: IconProps) {
  const width = name === 'more' || name === 'list' ? 2.25 : 1.75;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={isFilled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The star, with the name beside it or alone. */
export function Wordmark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path
        d="M16 4.5c.9 6.6 4.9 10.6 11.5 11.5C20.9 16.9 16.9 20.9 16 27.5 15.1 20.9 11.1 16.9 4.5 16 11.1 15.1 15.1 11.1 16 4.5Z"
        fill="var(--on-accent)"
      />
    </svg>
  );
}
