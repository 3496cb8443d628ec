/** Requests of one caller or tenant that stop counting at the same moment. */
interface Counted {
  readonly untilMs: number;
  requests: number;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/**
 * Requests of the last minute, each counted for a minute, rounded up to the second: 61 numbers at the most, and a sum
 * that is kept, so that a request costs the same whatever there is to count.
 */
export class WindowCounter {
  #counted: Counted[] = [];
  /** Of `#counted`, those before it are over. */
  #first = 0;
  #used = 0;

  /** How many count at this moment. */
  used(at: number): number {
    for (let head = this.#counted[this.#first]; head !== undefined && head.untilMs <= at; ) {
      this.#used -= head.requests;
      this.#first += 1;
      head = this.#counted[this.#first];
    }
    if (this.#first > MINUTE_MS / SECOND_MS) {
      this.#counted = this.#counted.slice(this.#first);
      this.#first = 0;
    }
    return this.#used;
  }

  add(at: number): void {
    const untilMs = Math.ceil(at / SECOND_MS) * SECOND_MS + MINUTE_MS;
    const last = this.#counted.at(-1);
    if (this.#counted.length > this.#first && last?.untilMs === untilMs) last.requests += 1;
    else this.#counted.push({ untilMs, requests: 1 });
    this.#used += 1;
  }

  /** When the first of them stops to count, and when the last does; undefined without any. */
  get firstUntilMs(): number | undefined {
    return this.#counted[this.#first]?.untilMs;
  }

  get lastUntilMs(): number | undefined {
    return this.#first < this.#counted.length ? this.#counted.at(-1)?.untilMs : undefined;
  }
}
