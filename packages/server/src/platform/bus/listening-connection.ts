import { Client, type ClientConfig } from 'pg';
import { cutConnection } from '../db/connection-socket.js';
import { LISTEN, NOTIFY, PING } from './bus-sql.js';

export interface ListeningConnectionOptions {
  readonly connection: ClientConfig;
  readonly connectTimeoutMs: number;
  /** Ceiling of one statement, in ms: a connection that does not answer by then is cut. */
  readonly answerTimeoutMs: number;
  readonly onMessage: (message: string) => void;
  /** Once, when a connection that was open is of no more use. */
  readonly onLost: (error: Error) => void;
}

/** One connection that listens, and sends on the side. */
export class ListeningConnection {
  readonly #client: Client;
  readonly #options: ListeningConnectionOptions;
  #state: 'opening' | 'open' | 'over' = 'opening';

  /** @throws when PostgreSQL cannot be reached or refuses */
  static async open(options: ListeningConnectionOptions): Promise<ListeningConnection> {
    const client = new Client({
      ...options.connection,
      connectionTimeoutMillis: options.connectTimeoutMs,
      keepAlive: true,
    });
    const opened = new ListeningConnection(client, options);
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) options.onMessage(payload);
    });
    client.on('error', (error) => opened.#lose(error));
    client.on('end', () => opened.#lose(new Error('the server closed the connection')));
    try {
      await client.connect();
      await opened.#answer(client.query(LISTEN));
      // A farewell may come in one piece with the answer.
      if (opened.#state === 'over') throw new Error('the server closed the connection');
      opened.#state = 'open';
      return opened;
    } catch (error) {
      opened.#state = 'over';
      cutConnection(client);
      throw error;
    }
  }

  private constructor(client: Client, options: ListeningConnectionOptions) {
    this.#client = client;
    this.#options = options;
  }

  async notify(messages: readonly string[]): Promise<void> {
    await this.#answer(this.#client.query(NOTIFY, [messages]));
  }

  /** A connection can be dead for hours without a word: ask. */
  async ping(): Promise<void> {
    await this.#answer(this.#client.query(PING));
  }

  async close(): Promise<void> {
    if (this.#state === 'over') return;
    this.#state = 'over';
    await this.#withinTime(this.#client.end()).catch(() => cutConnection(this.#client));
  }

  async #answer(statement: Promise<unknown>): Promise<void> {
    try {
      await this.#withinTime(statement);
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  async #withinTime(work: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the database did not answer in time')), this.#options.answerTimeoutMs);
    });
    try {
      await Promise.race([work, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whoever waits for `open` hears of its failure there, and only there: told twice, it would try twice. */
  #lose(error: Error): void {
    const was = this.#state;
    if (was === 'over') return;
    this.#state = 'over';
    cutConnection(this.#client);
    if (was === 'open') this.#options.onLost(error);
  }
}
