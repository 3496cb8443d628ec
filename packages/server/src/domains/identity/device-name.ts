type Names = readonly (readonly [pattern: RegExp, name: string])[];

/** In this order: many say that they are others as well, and Chrome is among what most of the rest say. */
const PROGRAMS: Names = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
  [/\bcurl\//i, 'curl'],
  [/\bokhttp\//i, 'Android app'],
  [/\bCFNetwork\//, 'Apple app'],
];

const SYSTEMS: Names = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\b(?:Macintosh|Mac OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const MAX_WORD = 30;

/**
 * What people call the device of a user agent: `Firefox on Linux`, `Safari on iPhone`. Another program is called by its
 * first word; nothing at all, `Unknown device`. A table of the common ones: it names a line in a list, and decides nothing.
 */
export function deviceName(userAgent: string): string {
  const named = (names: Names) => names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [program, system] = [named(PROGRAMS) ?? firstWord(userAgent), named(SYSTEMS)];
  if (program === undefined) return system ?? 'Unknown device';
  return system === undefined ? program : `${program} on ${system}`;
}

/** `MyApp` of `MyApp/1.2 (...)`; every browser begins with `Mozilla`, which says nothing. */
function firstWord(userAgent: string): string | undefined {
  const word = /^[\p{L}\p{N}][\p{L}\p{N} ._-]*/u.exec(userAgent)?.[0].trim();
  return word === undefined || word === 'Mozilla' ? undefined : word.slice(0, MAX_WORD);
}
