/** What a component is shown. */
export interface Snapshot<T> {
  /** The last answer, with what is being changed already in it; undefined before the first. */
  readonly data: T | undefined;
  /** Why the last attempt has failed; null when it has not. Data of before stay. */
  readonly error: Error | null;
  readonly isLoading: boolean;
}

const NOTHING: Snapshot<never> = { data: undefined, error: null, isLoading: false };
/** Before the first answer: on the server, and in the first frame. */
const LOADING: Snapshot<never> = { data: undefined, error: null, isLoading: true };

/** What a component is shown that asks for nothing. */
export const nothing = (): Snapshot<never> => NOTHING;
export const loading = (): Snapshot<never> => LOADING;
export const neverChanges = (): (() => void) => () => {};

/** Where an answer comes from. */
export interface Source<T> {
  /** Fetches anew. `before` is what was there. */
  load(signal: AbortSignal, before: T | undefined): Promise<T>;
  /** Fetches more of it. */
  extend?(signal: AbortSignal, data: T): Promise<T>;
}

interface Change<T> {
  readonly apply: (data: T) => T;
  /** Number of the first load that is sure to know of it; null until the server has acknowledged it. */
  knownFrom: number | null;
}

/**
 * One remembered answer. What the server said and what is being changed are kept apart: a change that fails is taken
 * out, and what others have changed or loaded meanwhile stays (a copy of before, put back, would undo that, too). A
 * change that succeeds stays until an answer that was asked for after it, so that it neither flickers nor counts twice.
 */
export class Entry<T> {
  readonly #source: Source<T>;
  readonly #listeners = new Set<() => void>();
  #base: T | undefined;
  #error: Error | null = null;
  #changes: Change<T>[] = [];
  #work: { readonly controller: AbortController; readonly promise: Promise<void> } | null = null;
  #loads = 0;
  #isStale = true;
  #snapshot: Snapshot<T> = LOADING;

  constructor(source: Source<T>) {
    this.#source = source;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  readonly snapshot = (): Snapshot<T> => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#isStale && this.#work === null) void this.refresh();
    return () => {
      this.#listeners.delete(listener);
      // Not at once: a component that is moved, or mounted twice by StrictMode, is back by then.
      queueMicrotask(() => {
        if (this.isWatched) return;
        this.#stop();
        // Shown at once to who looks again, and fetched again then.
        this.#isStale = true;
        this.#show();
      });
    };
  };

  /** Fetches again, instead of whatever is under way. Never rejects: the snapshot has the error. */
  refresh(): Promise<void> {
    this.#stop();
    this.#loads += 1;
    const number = this.#loads;
    return this.#run(async (signal) => {
      const data = await this.#source.load(signal, this.#base);
      if (signal.aborted) return;
      this.#changes = this.#changes.filter(({ knownFrom }) => knownFrom === null || knownFrom > number);
      this.#base = data;
      this.#isStale = false;
    });
  }

  /** Adds to what is there, unless something is under way. Never rejects: the snapshot has the error. */
  extend(): Promise<void> {
    const base = this.#base;
    if (this.#work !== null) return this.#work.promise;
    if (base === undefined) return Promise.resolve();
    return this.#run(async (signal) => {
      const data = await this.#source.extend?.(signal, base);
      if (!signal.aborted && data !== undefined) this.#base = data;
    });
  }

  /** Shows a change before the server has made it. */
  change(apply: (data: T) => T): { readonly keep: () => void; readonly undo: () => void } {
    const change: Change<T> = { apply, knownFrom: null };
    this.#changes.push(change);
    this.#show();
    return {
      keep: () => {
        change.knownFrom = this.#loads + 1;
        this.invalidate();
      },
      undo: () => {
        this.#changes = this.#changes.filter((other) => other !== change);
        this.#show();
      },
    };
  }

  /** What is there is out of date: fetched again now, or when somebody looks. */
  invalidate(): void {
    this.#isStale = true;
    if (this.isWatched) void this.refresh();
  }

  /** Forgets everything, as when another user signs in. */
  reset(): void {
    this.#stop();
    this.#base = undefined;
    this.#error = null;
    this.#changes = [];
    this.#show();
    this.invalidate();
  }

  async #run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const promise = (async () => {
      try {
        await work(controller.signal);
        if (!controller.signal.aborted) this.#error = null;
      } catch (error) {
        if (controller.signal.aborted) return;
        this.#error = error instanceof Error ? error : new Error(String(error));
      }
      if (controller.signal.aborted) return;
      this.#work = null;
      this.#show();
    })();
    this.#work = { controller, promise };
    this.#show();
    await promise;
  }

  #stop(): void {
    if (this.#work === null) return;
    this.#work.controller.abort();
    this.#work = null;
  }

  #show(): void {
    const base = this.#base;
    const data = base === undefined ? undefined : this.#changes.reduce<T>((at, { apply }) => apply(at), base);
    // Nothing yet and nobody at it: what comes next is a load.
    const isLoading = this.#work !== null || (base === undefined && this.#error === null);
    this.#snapshot = { data, error: this.#error, isLoading };
    for (const listener of [...this.#listeners]) listener();
  }
}
