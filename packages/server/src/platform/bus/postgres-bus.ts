import { randomBytes } from 'node:crypto';
import type { ClientConfig } from 'pg';
import type { Bus, BusHandler, BusMetrics, SubscribeOptions } from './bus.js';
import { ListeningConnection } from './listening-connection.js';
import { type BusMessage, MessageSet } from './message-set.js';
import { assertTopic, Subscriptions } from './subscriptions.js';

export interface PostgresBusOptions {
  /** A direct address: LISTEN does not work through a pooler in transaction mode. */
  readonly connection: ClientConfig;
  readonly onError: (error: unknown) => void;
  readonly metrics?: BusMetrics;
  /** How long equal messages are gathered, in ms. Default: 3. */
  readonly gatherMs?: number;
  /** Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** Default: 5,000. */
  readonly answerTimeoutMs?: number;
  /** How often a quiet connection is asked whether it lives, in ms. Default: 15,000. */
  readonly pingMs?: number;
}

/** Bytes; NOTIFY carries 7,999 with the topic and the sender. */
const MAX_PAYLOAD_BYTES = 4_000;
/** Messages that wait for the connection; more of a topic become one without content. */
const MAX_WAITING = 10_000;
const MESSAGES_PER_STATEMENT = 1_000;
const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

/**
 * The bus over LISTEN/NOTIFY on one connection. NOTIFY inside the writing transaction cost 70 % of the commit rate:
 * messages are gathered and sent in statements of their own, one under way at a time.
 */
export class PostgresBus implements Bus {
  readonly #options: PostgresBusOptions;
  readonly #subscriptions: Subscriptions;
  /** Tells our own messages, which were delivered directly, from those of others. */
  readonly #sender = randomBytes(8).toString('hex');
  readonly #gathered = new MessageSet(MAX_WAITING);
  readonly #outgoing = new MessageSet(MAX_WAITING);
  #connection: ListeningConnection | undefined;
  #sending: Promise<void> | undefined;
  #gatherTimer: NodeJS.Timeout | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #connecting: Promise<void> | undefined;
  #closed = false;

  constructor(options: PostgresBusOptions) {
    this.#options = options;
    this.#subscriptions = new Subscriptions(options.metrics, options.onError);
  }

  /** @throws when PostgreSQL cannot be reached; later losses are mended without a word */
  async open(): Promise<void> {
    await this.#connect();
  }

  publish(topic: string, payload?: string): void {
    assertTopic(topic);
    if (this.#closed) return;
    this.#options.metrics?.published(topic);
    this.#gathered.add({ topic, payload: payload !== undefined && isSendable(payload) ? payload : undefined });
    this.#gatherTimer ??= setTimeout(() => this.#flush(), this.#options.gatherMs ?? 3);
  }

  subscribe(topic: string, handler: BusHandler, options: SubscribeOptions = {}): () => void {
    return this.#subscriptions.add(topic, handler, options);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    clearTimeout(this.#pingTimer);
    clearTimeout(this.#reconnectTimer);
    this.#subscriptions.clear();
    await this.#connecting?.catch(() => {});
    // Each statement is bounded in time and a failed one ends the connection.
    await this.#sending;
    await this.#connection?.close();
    this.#connection = undefined;
  }

  #flush(): void {
    clearTimeout(this.#gatherTimer);
    this.#gatherTimer = undefined;
    for (const message of this.#gathered.take(MAX_WAITING)) {
      this.#outgoing.add(message);
      this.#subscriptions.deliver(message.topic, message.payload);
    }
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(): Promise<void> {
    while (this.#connection !== undefined && this.#outgoing.size > 0) {
      const messages = this.#outgoing.take(MESSAGES_PER_STATEMENT);
      try {
        await this.#connection.notify(messages.map((message) => this.#encode(message)));
      } catch {
        // The connection reports its loss itself. They may have gone out: twice does no harm, never does.
        for (const message of messages) this.#outgoing.add(message);
        return;
      }
    }
  }

  #encode({ topic, payload }: BusMessage): string {
    return payload === undefined ? `${this.#sender} ${topic}` : `${this.#sender} ${topic} ${payload}`;
  }

  #receive(encoded: string): void {
    const [sender, topic] = encoded.split(' ', 2);
    if (sender === undefined || topic === undefined || sender === this.#sender) return;
    const start = sender.length + topic.length + 2;
    this.#subscriptions.deliver(topic, start > encoded.length ? undefined : encoded.slice(start));
  }

  #connect(): Promise<void> {
    this.#connecting = this.#openConnection().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #openConnection(): Promise<void> {
    const { connection, connectTimeoutMs = 5_000, answerTimeoutMs = 5_000, onError } = this.#options;
    const opened = await ListeningConnection.open({
      connection,
      connectTimeoutMs,
      answerTimeoutMs,
      onMessage: (message) => this.#receive(message),
      onLost: (error) => {
        this.#connection = undefined;
        clearTimeout(this.#pingTimer);
        if (this.#closed) return;
        onError(error);
        this.#reconnect(0);
      },
    });
    this.#connection = opened;
    this.#schedulePing(opened);
  }

  #schedulePing(connection: ListeningConnection): void {
    if (this.#closed) return;
    this.#pingTimer = setTimeout(() => {
      connection.ping().then(
        () => this.#schedulePing(connection),
        // The connection reports its loss itself.
        () => {},
      );
    }, this.#options.pingMs ?? 15_000);
  }

  #reconnect(delayMs: number): void {
    this.#reconnectTimer = setTimeout(() => {
      this.#connect().then(
        () => {
          if (this.#closed) return;
          this.#subscriptions.tellGap();
          this.#flush();
        },
        (error: unknown) => {
          if (this.#closed) return;
          this.#options.onError(error);
          const nextMs = Math.min(Math.max(delayMs * 2, RECONNECT_FIRST_MS), RECONNECT_MAX_MS);
          this.#reconnect(nextMs * (0.5 + Math.random() / 2));
        },
      );
    }, delayMs);
  }
}

/** A NUL cannot be stored in a text value. */
function isSendable(payload: string): boolean {
  return Buffer.byteLength(payload) <= MAX_PAYLOAD_BYTES && !payload.includes('\0');
}
