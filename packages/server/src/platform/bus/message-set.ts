export interface BusMessage {
  readonly topic: string;
  readonly payload: string | undefined;
}

/**
 * Messages that wait to go out: equal ones are one, and beyond the limit those of a topic become one without content,
 * so that it stays bounded however long nothing can go out.
 */
export class MessageSet {
  readonly #limit: number;
  #messages = new Map<string, BusMessage>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#messages.size;
  }

  add(message: BusMessage): void {
    const { topic, payload } = message;
    // Whoever hears that anything of the topic may have happened needs no details.
    if (this.#messages.has(topic)) return;
    this.#messages.set(payload === undefined ? topic : `${topic} ${payload}`, message);
    if (this.#messages.size > this.#limit) this.#dropContents();
  }

  /** Removes and returns up to `count`, oldest first. */
  take(count: number): BusMessage[] {
    const taken: BusMessage[] = [];
    for (const [key, message] of this.#messages) {
      if (taken.length === count) break;
      this.#messages.delete(key);
      taken.push(message);
    }
    return taken;
  }

  #dropContents(): void {
    const topics = new Set([...this.#messages.values()].map((message) => message.topic));
    this.#messages = new Map([...topics].map((topic) => [topic, { topic, payload: undefined }]));
  }
}
