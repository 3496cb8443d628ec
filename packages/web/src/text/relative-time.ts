const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** How long ago, as short as it is understood: `now`, `5m`, `3h`, `2d`, then the day, with its year if it is another. */
export function shortAge(at: string, now: number, locale?: string): string {
  const time = Date.parse(at);
  const age = now - time;
  // Clocks differ: what comes from a moment ahead is of now.
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  if (age < WEEK) return `${Math.floor(age / DAY)}d`;
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(time);
}

/** Day and time in full, as the reader writes them. */
export function fullTime(at: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(Date.parse(at));
}

/** How long until then: `5 minutes left`, `3 days left`. */
export function timeLeft(until: string, now: number): string {
  const left = Date.parse(until) - now;
  const [count, unit] =
    left < HOUR
      ? [Math.ceil(left / MINUTE), 'minute']
      : left < DAY
        ? [Math.ceil(left / HOUR), 'hour']
        : [Math.ceil(left / DAY), 'day'];
  return `${Math.max(count, 1)} ${unit}${count > 1 ? 's' : ''} left`;
}
