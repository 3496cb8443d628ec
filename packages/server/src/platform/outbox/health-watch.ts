import type { OutboxLog } from './consumer.js';
import type { OutboxHealth } from './health.js';
import { Waiter } from './waiter.js';

/** Reads health now and then, which also records the lag, and says so in the log when it is not OK (E1). */
export class HealthWatch {
  readonly #read: () => Promise<OutboxHealth>;
  readonly #log: OutboxLog;
  readonly #everyMs: number;
  readonly #waiter = new Waiter();
  #running: Promise<void> | undefined;

  constructor(read: () => Promise<OutboxHealth>, log: OutboxLog, everyMs: number) {
    this.#read = read;
    this.#log = log;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#waiter.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while ((await this.#waiter.pause(this.#everyMs)) !== 'closed') {
      try {
        this.#tell(await this.#read());
      } catch (err) {
        this.#log.error({ err }, 'outbox health is unknown');
      }
    }
  }

  #tell({ consumers }: OutboxHealth): void {
    for (const { level, ...consumer } of consumers) {
      switch (level) {
        case 'OK':
          break;
        case 'WARNING':
          this.#log.warn(consumer, 'outbox consumer is behind or gave events up');
          break;
        case 'CRITICAL':
          this.#log.error(consumer, 'outbox consumer is far behind or stands still');
          break;
        default:
          level satisfies never;
      }
    }
  }
}
