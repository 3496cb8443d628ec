import type { OutboxLog } from './consumer.js';
import type { OutboxHealth } from './health.js';

/** One line for each consumer that is not OK (E1). */
export function logHealth(log: OutboxLog, { consumers }: OutboxHealth): void {
  for (const { level, ...consumer } of consumers) {
    switch (level) {
      case 'OK':
        break;
      case 'WARNING':
        log.warn(consumer, 'outbox consumer is behind or gave events up');
        break;
      case 'CRITICAL':
        log.error(consumer, 'outbox consumer is far behind or stands still');
        break;
      default:
        level satisfies never;
    }
  }
}
