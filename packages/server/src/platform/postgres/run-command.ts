import { spawn } from 'node:child_process';
import type { ServiceUser } from './service-user.js';

export interface CommandResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and standard error together, cut at 64 KiB. */
  readonly output: string;
}

const OUTPUT_LIMIT = 64 * 1024;

/**
 * The whole environment of PostgreSQL's programs: nothing is inherited, so that neither a secret nor a PG* or locale
 * variable of Nova's own environment reaches them.
 */
export const POSTGRES_ENVIRONMENT: Readonly<Record<string, string>> = { LC_ALL: 'C', TZ: 'UTC' };

/**
 * Runs one of PostgreSQL's programs to its end, as the service user when there is one.
 *
 * @param input text for its standard input.
 * @throws the error of spawn (EACCES, ENOENT, EPERM, ...) when the program could not be started.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { user: ServiceUser | undefined; cwd?: string; input?: string },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? '/',
      env: { ...POSTGRES_ENVIRONMENT },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      if (output.length < OUTPUT_LIMIT) output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // A program that ends without reading its input breaks the pipe; its exit status tells the story.
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, output }));
    child.stdin.end(options.input ?? '');
  });
}
