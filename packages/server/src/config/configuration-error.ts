/** One thing wrong with one environment variable. Never carries the value, which may be a secret. */
export interface ConfigurationProblem {
  readonly name: string;
  readonly reason: string;
}

/**
 * All problems of a configuration at once, one line each: `NAME: reason`. Not a catalogue error: it ends the start,
 * before there is any transport that could render it.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ name, reason }) => `  ${name}: ${reason}`);
    super(`The configuration has ${problems.length} problem(s):\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
