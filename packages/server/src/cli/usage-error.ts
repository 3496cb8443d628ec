/** A command was called with words that do not fit together; the message says which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number from the command line. Throws `UsageError` naming the option. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${option} must be a whole number from ${min} to ${max}`);
}
