import { Gauge, type Registry } from 'prom-client';

/** Stops watching. */
export type Unwatch = () => void;

/** One gauge of a group: its metric name, meaning and place in what is read. */
export type GaugeDefinitions<Reading extends string> = Readonly<Record<Reading, { name: string; help: string }>>;

/**
 * Gauges of things that know their own state (pools, queues, caches). They are read at each scrape, so watching
 * costs nothing in between, and what is no longer watched is no longer shown.
 */
export class WatchedGauges<Reading extends string> {
  readonly #readers = new Map<string, () => Readonly<Record<Reading, number>>>();

  /** @param label name of the label that tells the watched things apart */
  constructor(registry: Registry, label: string, definitions: GaugeDefinitions<Reading>) {
    const readers = this.#readers;
    for (const reading of Object.keys(definitions) as Reading[]) {
      new Gauge({
        ...definitions[reading],
        labelNames: [label],
        registers: [registry],
        collect() {
          this.reset();
          for (const [name, read] of readers) this.set({ [label]: name }, read()[reading]);
        },
      });
    }
  }

  /** Shows what `read` gives under `name`, in the place of an earlier reader of that name. */
  watch(name: string, read: () => Readonly<Record<Reading, number>>): Unwatch {
    this.#readers.set(name, read);
    return () => {
      if (this.#readers.get(name) === read) this.#readers.delete(name);
    };
  }
}
