export type WaitEnd = 'woken' | 'elapsed' | 'closed';

/** Waits for a time, for being woken, or for the end; owns its timer. Being woken while not waiting is kept. */
export class Waiter {
  #woken = false;
  #closed = false;
  #end: ((end: WaitEnd) => void) | undefined;
  #wakeable = false;

  get closed(): boolean {
    return this.#closed;
  }

  wake(): void {
    this.#woken = true;
    if (this.#wakeable) this.#end?.('woken');
  }

  close(): void {
    this.#closed = true;
    this.#end?.('closed');
  }

  /** Ends early when woken. */
  async wait(delayMs: number): Promise<WaitEnd> {
    return await this.#sleep(delayMs, true);
  }

  /** Does not end when woken: what came meanwhile is looked at afterwards anyway. */
  async pause(delayMs: number): Promise<WaitEnd> {
    return await this.#sleep(delayMs, false);
  }

  async #sleep(delayMs: number, wakeable: boolean): Promise<WaitEnd> {
    if (this.#closed) return 'closed';
    if (wakeable && this.#woken) {
      this.#woken = false;
      return 'woken';
    }
    let timer: NodeJS.Timeout | undefined;
    const end = await new Promise<WaitEnd>((resolve) => {
      this.#wakeable = wakeable;
      this.#end = resolve;
      timer = setTimeout(() => resolve('elapsed'), delayMs);
    });
    clearTimeout(timer);
    this.#end = undefined;
    this.#woken = false;
    return end;
  }
}
