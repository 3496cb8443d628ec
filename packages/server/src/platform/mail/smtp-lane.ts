import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import type { MailMessage } from './message.js';
import { MailFailure } from './transport.js';

export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

type SocketCallback = (error: Error | null, socket: { connection: Socket } | false) => void;

/** Mails after which a connection is replaced; relays cut off long ones at about this. */
const MAX_MESSAGES = 100;
/** A connection rests for so long before it is closed, in ms: below the five minutes of RFC 5321, 4.5.3.2.7. */
const IDLE_MS = 60_000;
const MAX_REASON = 200;

/**
 * One connection, one mail at a time. nodemailer has deadlines for silence but none for a whole mail, which a server
 * can draw out byte by byte, and its pool cannot drop a busy connection: so each lane is a pool of one, whose socket is
 * destroyed when the time is up.
 */
export class SmtpLane {
  readonly #address: SmtpAddress;
  readonly #from: string;
  #transporter: Transporter | undefined;
  #socket: Socket | undefined;
  /** The mail is being told to the server: what it makes of it shows only in its answer. */
  #begun = false;

  constructor(address: SmtpAddress, from: string) {
    this.#address = address;
    this.#from = from;
  }

  /** Throws `MailFailure`. After any failure the connection is not used again. */
  async send(message: MailMessage, timeoutMs: number): Promise<void> {
    this.#begun = false;
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new MailFailure('unreachable', `the server was not done within ${timeoutMs} ms`));
      }, timeoutMs);
    });
    try {
      this.#transporter ??= this.#open(timeoutMs);
      const sending = this.#transporter.sendMail({
        from: this.#from,
        to: { name: '', address: message.to },
        envelope: { from: mailboxOf(this.#from), to: [message.to] },
        messageId: `<${message.id}@${mailboxOf(this.#from).replace(/^.*@/, '')}>`,
        subject: message.subject,
        text: message.text,
        html: message.html,
        // Out-of-office programs and mailing lists leave such mails alone (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      // When the time is up first, nobody else hears of its failure.
      sending.catch(() => {});
      await Promise.race([sending, expired]);
    } catch (error) {
      this.close();
      const failure = failureOf(error);
      // It may have the mail, and has only not said so.
      const uncertain = failure.kind === 'unreachable' && this.#begun;
      throw uncertain ? new MailFailure('uncertain', failure.message) : failure;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#transporter?.close();
    this.#socket?.destroy();
    this.#transporter = undefined;
    this.#socket = undefined;
  }

  #open(timeoutMs: number): Transporter {
    const { auth, ...address } = this.#address;
    const options = {
      ...address,
      ...(auth === null ? {} : { auth }),
      pool: true,
      maxConnections: 1,
      maxMessages: MAX_MESSAGES,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: IDLE_MS,
      // nodemailer would dial again by itself, and for ever, while a server hangs up before it greets.
      maxRequeues: 0,
      getSocket: (_options: unknown, callback: SocketCallback) => this.#connect(timeoutMs, callback),
    };
    const transporter: Transporter = createTransport(options);
    transporter.use('stream', ({ message }, done) => {
      // Data is piped when a connection is there and the mail's turn has come.
      message.transform(new PassThrough().once('pipe', () => (this.#begun = true)));
      done();
    });
    // Of a connection that rests; one that is in use tells its mail as well.
    transporter.on('error', () => {});
    return transporter;
  }

  #connect(timeoutMs: number, callback: SocketCallback): void {
    const { host, port } = this.#address;
    const socket = connect({ host, port });
    this.#socket = socket;
    const fail = (error: Error) => {
      socket.destroy();
      callback(error, false);
    };
    const silent = () => fail(new Error('no connection in time'));
    socket.setTimeout(timeoutMs, silent);
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('timeout', silent);
      socket.off('error', fail);
      callback(null, { connection: socket });
    });
  }
}

/** The bare address of `Name <address>`. */
function mailboxOf(from: string): string {
  return /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim();
}

/** What the server says of the one mail; all else is about the server or the way to it. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);
const CLOSING = 421;

function failureOf(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error;
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
  const reason = reasonOf(message);
  if (code === undefined || !ABOUT_THE_MAIL.has(code) || responseCode === CLOSING) {
    return new MailFailure('unreachable', reason);
  }
  const deferred = responseCode !== undefined && responseCode >= 400 && responseCode < 500;
  return new MailFailure(deferred ? 'deferred' : 'rejected', reason);
}

/** Servers like to repeat the address, which is nobody's business in a log. */
function reasonOf(message: string): string {
  return message
    .replaceAll(/[^\s<>"]+@[^\s<>"]+/g, '[address]')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, MAX_REASON);
}
