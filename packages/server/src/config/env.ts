/** Environment variables by name; what is not set is absent or undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The only reader of `process.env` in the server. Returns a plain copy, so that nothing downstream sees a later
 * change of the environment or writes to it.
 */
export function readEnvironment(): Environment {
  return { ...process.env };
}
