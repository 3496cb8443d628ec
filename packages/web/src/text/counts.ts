/** `1 follower`, `1.2K followers`: as few digits as are read at a glance. */
export function counted(count: number, one: string, many: string): string {
  return `${compact(count)} ${count === 1 ? one : many}`;
}

/** `950`, `1.2K`, `3M`. */
export function compact(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}
