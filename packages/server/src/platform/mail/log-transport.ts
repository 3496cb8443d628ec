import type { Logger } from '../telemetry/index.js';
import type { MailTransport } from './transport.js';

/**
 * Stands in where no mail server is configured. In development a mail is a log line to read its link from; in production
 * the line says that it was not sent, and neither to whom nor what: logs are kept and shared, links let people in.
 */
export function createLogTransport(
  environment: 'development' | 'production',
  log: Pick<Logger, 'info' | 'warn'>,
): MailTransport {
  return {
    outcome: 'logged',
    concurrency: 1,
    async deliver({ id, to, subject, text }) {
      if (environment === 'production') log.warn({ mailId: id, subject }, 'mail not sent: NOVA_MAIL_URL is not set');
      else log.info({ mailId: id, to, subject, text }, 'mail, not sent as NOVA_MAIL_URL is not set');
    },
    close() {},
  };
}
