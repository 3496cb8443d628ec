import type { MailMessage } from './message.js';
import { type SmtpAddress, SmtpLane } from './smtp-lane.js';
import { MailFailure, type MailTransport } from './transport.js';

export interface SmtpTransportOptions {
  /** `smtp://` (587, with STARTTLS where it is offered) or `smtps://` (465). */
  readonly url: string;
  /** `Name <address>` or an address alone. */
  readonly from: string;
  /** Connections at a time. */
  readonly connections: number;
  /** From the first byte to the server's last word on a mail, in ms (R6). */
  readonly timeoutMs: number;
}

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/** Hands mails to an SMTP server over a few connections that are kept. */
export function createSmtpTransport({ url, from, connections, timeoutMs }: SmtpTransportOptions): MailTransport {
  const address = addressOf(url);
  const idle = Array.from({ length: connections }, () => new SmtpLane(address, from));
  return {
    outcome: 'sent',
    concurrency: connections,
    async deliver(message: MailMessage) {
      const lane = idle.pop();
      // The sender takes no more mails than there are connections: nothing may queue here.
      if (lane === undefined) throw new MailFailure('unreachable', 'every connection is busy');
      try {
        await lane.send(message, timeoutMs);
      } finally {
        idle.push(lane);
      }
    },
    close() {
      for (const lane of idle) lane.close();
    },
  };
}

function addressOf(url: string): SmtpAddress {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const auth = username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(port),
    secure,
    // A password does not cross a network in clear, whatever the server offers.
    requireTLS: !secure && auth !== null && !LOOPBACK.test(hostname),
    auth,
  };
}
