import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as the server has taken it. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  /** Header and body as they came over the wire. */
  readonly raw: string;
  /** Unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  /** The plain part, decoded. */
  readonly text: string;
}

/** What the server says to a command instead of yes; `undefined` is yes. */
export type Refuse = (
  command: 'RCPT' | 'DATA',
  to: string,
) => { readonly code: number; readonly text: string } | undefined;

export interface SmtpSink {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** Recipients that the server was asked to take, refused ones included. */
  readonly asked: readonly string[];
  refuse: Refuse;
  /** Called when a mail has been taken, before the server says so: what it throws or never resolves is seen by the client. */
  beforeAnswer: (mail: ReceivedMail) => Promise<void>;
  /** Connections open at this moment. */
  readonly open: number;
  /** Closes every connection, in good order as far as TCP goes. */
  hangUp(): void;
  /** Waits for so many mails in all. */
  received(count: number, withinMs?: number): Promise<readonly ReceivedMail[]>;
  close(): Promise<void>;
}

const POLL_MS = 10;

/** A real SMTP server on a free port (or on `port`, to come back where one was) that keeps what it is given. */
export async function startSmtpSink(port = 0): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const asked: string[] = [];
  const failure = ({ code, text }: { code: number; text: string }) =>
    Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onRcptTo({ address }, _session, done) {
      asked.push(address);
      const refusal = sink.refuse('RCPT', address);
      done(refusal === undefined ? null : failure(refusal));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        const refusal = sink.refuse('DATA', to[0] ?? '');
        if (refusal !== undefined) return done(failure(refusal));
        const mail = read(Buffer.concat(chunks).toString(), to, envelope.mailFrom ? envelope.mailFrom.address : '');
        mails.push(mail);
        sink.beforeAnswer(mail).then(() => done(), done);
      });
    },
  });
  // A client that goes away in the middle is what some tests are about.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    asked,
    refuse: () => undefined,
    beforeAnswer: async () => {},
    get open() {
      return server.connections.size;
    },
    hangUp() {
      for (const { _socket } of server.connections as unknown as Set<{ readonly _socket: Socket }>) _socket.end();
    },
    received: async (count, withinMs = 15_000) => {
      await until(
        () => mails.length >= count,
        withinMs,
        () => `${mails.length} of ${count} mails came`,
      );
      return mails;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return sink;
}

/** Something on a port that is no mail server: says `talk` to whoever comes. */
export async function startImpostor(talk: (socket: Socket) => void): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    talk(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Looks again and again until it is so. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs = 15_000,
  what: () => string = () => 'it has not come to pass',
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(what());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function read(raw: string, to: readonly string[], from: string): ReceivedMail {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const [, plain = ''] = /^([\s\S]*?)\r\n--/.exec(rest.slice(1).join('\r\n\r\n')) ?? [];
  // Quoted-printable, as the links make lines long.
  const text = plain
    .replaceAll('=\r\n', '')
    .replaceAll(/=([\dA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { raw, to, from, headers, text };
}
