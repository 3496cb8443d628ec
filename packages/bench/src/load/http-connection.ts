import { connect, type Socket } from 'node:net';
import { type HttpResponse, ResponseReader } from './response-reader.js';

/** Where requests go: an `http:` origin. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

export function targetOf(url: string): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 80 : port) };
}

export type Answer = (answer: HttpResponse | Error) => void;

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * One keep-alive connection with one request at a time, on a bare socket: node:http would cost the generator, which
 * shares the machine with what it measures, several times as much.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #reader = new ResponseReader();
  #waiting: Answer | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.removeAllListeners('error');
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** Rejects when the server cannot be reached within 5 s. */
  static open(target: Target): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(target);
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('the server does not accept connections')));
      socket.once('error', reject);
      socket.once('connect', () => resolve(new HttpConnection(socket)));
    });
  }

  /** Whether further requests can be sent. */
  get usable(): boolean {
    return !this.#socket.destroyed;
  }

  /** Sends a whole request as text; `answer` is called once. Only after that the next one may be sent. */
  send(wire: string, answer: Answer): void {
    if (this.#waiting !== undefined) throw new Error('one request at a time');
    this.#waiting = answer;
    if (this.usable) this.#socket.write(wire);
    else queueMicrotask(() => this.#fail(new Error('the connection is closed')));
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let response: HttpResponse | undefined;
    try {
      response = this.#reader.push(chunk);
    } catch (error) {
      this.#socket.destroy();
      this.#fail(error as Error);
      return;
    }
    if (response === undefined) return;
    if (/\r\nconnection: *close/i.test(response.head)) this.#socket.destroy();
    this.#answer(response);
  }

  #fail(error: Error): void {
    this.#answer(error);
  }

  #answer(answer: HttpResponse | Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }
}
