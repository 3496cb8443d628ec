const DURATION_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const BYTE_UNITS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
] as const;

type Units = ReadonlyArray<readonly [unit: string, factor: number]>;

/** Milliseconds from `250`, `250ms`, `1.5s`, `20m`, `1h` or `30d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  return parse(text, DURATION_UNITS);
}

/** Milliseconds as the shortest text that `parseDuration` reads back exactly. */
export function formatDuration(ms: number): string {
  return format(ms, DURATION_UNITS);
}

/** Bytes from `4096`, `4096B`, `256KiB`, `1.5MiB` or `1GiB`; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  return parse(text, BYTE_UNITS);
}

/** Bytes as the shortest text that `parseBytes` reads back exactly. */
export function formatBytes(bytes: number): string {
  return format(bytes, BYTE_UNITS);
}

/** A number without a unit counts in the smallest one. The result must be whole: `0.3ms` is refused. */
function parse(text: string, units: Units): number | undefined {
  const match = /^(\d{1,16}(?:\.\d{1,6})?)\s?([a-z]*)$/i.exec(text);
  if (match === null) return undefined;
  const [, number = '', unit = ''] = match;
  const factor = unit === '' ? 1 : units.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1];
  if (factor === undefined) return undefined;
  const value = Number(number) * factor;
  return Number.isSafeInteger(value) ? value : undefined;
}

function format(value: number, units: Units): string {
  const [unit, factor] = units.find(([, size]) => value >= size && value % size === 0) ?? ['', 1];
  return `${value / factor}${unit}`;
}
