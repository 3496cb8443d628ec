import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A helper process that is spoken to by messages and ends with its owner. */
export class HelperProcess {
  readonly #child: ChildProcess;

  /** @param module path of the compiled module below `dist/`, also when this one runs from its source in a test. */
  constructor(module: string) {
    const file = fileURLToPath(new URL(`../../dist/${module}`, import.meta.url));
    this.#child = fork(file, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends a message and gives the next one that comes back. Rejects when the process ends instead. */
  ask(message: object): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = () => {
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onMessage = (reply: unknown) => {
        settle();
        resolve(reply);
      };
      const onExit = (code: number | null, signal: string | null) => {
        settle();
        reject(new Error(`a helper process of the bench ended with ${signal ?? code}`));
      };
      child.once('message', onMessage);
      child.once('exit', onExit);
      if (child.exitCode !== null || child.signalCode !== null) onExit(child.exitCode, child.signalCode);
      else child.send(message);
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }
}
