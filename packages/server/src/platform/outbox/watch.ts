import { Waiter } from './waiter.js';

/** Looks at something again and again until it is stopped, whatever a look comes to; owns its timer. */
export class Watch {
  readonly #everyMs: number;
  readonly #look: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #waiter = new Waiter();
  #running: Promise<void> | undefined;

  constructor(everyMs: number, look: () => Promise<void>, onError: (error: unknown) => void) {
    this.#everyMs = everyMs;
    this.#look = look;
    this.#onError = onError;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Waits for the look under way. */
  async stop(): Promise<void> {
    this.#waiter.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while ((await this.#waiter.pause(this.#everyMs)) !== 'closed') await this.#look().catch(this.#onError);
  }
}
