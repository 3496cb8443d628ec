import type { BusHandler, BusMetrics, SubscribeOptions } from './bus.js';

interface Subscription {
  readonly handler: BusHandler;
  readonly onGap: (() => void) | undefined;
}

const TOPIC = /^[a-z0-9._-]{1,100}$/;

/** A topic is a constant of the program: a wrong one is a mistake in it. */
export function assertTopic(topic: string): void {
  if (!TOPIC.test(topic)) throw new RangeError(`"${topic}" is no bus topic`);
}

/** Who listens in this process. One subscriber's failure is not another's. */
export class Subscriptions {
  readonly #byTopic = new Map<string, Set<Subscription>>();
  readonly #metrics: BusMetrics | undefined;
  readonly #onError: (error: unknown) => void;

  constructor(metrics: BusMetrics | undefined, onError: (error: unknown) => void) {
    this.#metrics = metrics;
    this.#onError = onError;
  }

  add(topic: string, handler: BusHandler, options: SubscribeOptions): () => void {
    assertTopic(topic);
    const subscription: Subscription = { handler, onGap: options.onGap };
    const ofTopic = this.#byTopic.get(topic) ?? new Set();
    ofTopic.add(subscription);
    this.#byTopic.set(topic, ofTopic);
    return () => {
      ofTopic.delete(subscription);
      if (ofTopic.size === 0 && this.#byTopic.get(topic) === ofTopic) this.#byTopic.delete(topic);
    };
  }

  deliver(topic: string, payload: string | undefined): void {
    for (const { handler } of [...(this.#byTopic.get(topic) ?? [])]) {
      this.#metrics?.delivered(topic);
      this.#guarded(() => handler(payload));
    }
  }

  tellGap(): void {
    this.#metrics?.gap();
    const all = [...this.#byTopic.values()].flatMap((ofTopic) => [...ofTopic]);
    for (const { onGap } of all) if (onGap !== undefined) this.#guarded(onGap);
  }

  clear(): void {
    this.#byTopic.clear();
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onError(error);
    }
  }
}
