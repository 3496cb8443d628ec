import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Where connections are dealt to: one serving process. */
export interface ConnectionTaker {
  /**
   * Hands over a copy of the socket.
   * @param sent hears of a failure to send it; the taker's own answer comes by `taken` or `refused`
   */
  hand(socket: Socket, sent: (error: Error | null) => void): void;
}

/** Accepted connections that no process has taken yet: as many as the kernel's own queue holds by default. */
const MAX_WAITING = 511;
/** A connection that nobody takes is closed then: a caller that is told can try elsewhere. */
const MAX_WAIT_MS = 2_000;

/**
 * Listens on one port and deals the connections to several processes in turn, one at a time to each: the next
 * goes to a process that has taken its last, so one that is stuck gets no more.
 *
 * node:cluster does the same, but a connection that is on its way to a process which has just stopped listening
 * comes back to a queue that nobody empties: its client hangs until the first process ends. Under a stream of
 * connections that happened at every shutdown (30 of 30, one or two clients each). Here it is closed at once, or
 * dealt to another process when only that one ends (I14).
 */
export class ConnectionDealer {
  readonly #server: Server;
  readonly #onError: (error: Error) => void;
  readonly #waiting = new Set<Socket>();
  /** In the order in which they became free. */
  readonly #free = new Set<ConnectionTaker>();
  readonly #handed = new Map<ConnectionTaker, Socket>();
  /** Set from `close` on. */
  #onDealt: (() => void) | undefined;

  /** @param onError hears of connections that could not be accepted, for want of file descriptors say */
  constructor(onError: (error: Error) => void) {
    // `noDelay` is what Node's HTTP server sets for the connections that it accepts itself.
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => this.#accept(socket));
    this.#onError = onError;
  }

  /** @returns the port. Throws what `listen` emits, EADDRINUSE for one. */
  async listen(port: number, host: string): Promise<number> {
    const listening = once(this.#server, 'listening');
    this.#server.listen(port, host);
    await listening;
    this.#server.on('error', this.#onError);
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on this process gets its share. */
  add(taker: ConnectionTaker): void {
    this.#free.add(taker);
    this.#deal();
  }

  /** The process serves the connection it was handed, and is free for the next. */
  taken(taker: ConnectionTaker): void {
    this.#handed.get(taker)?.destroy();
    this.#handed.delete(taker);
    this.add(taker);
  }

  /** The process takes no more, or nothing more will be heard of it; what it was handed last goes to another. */
  remove(taker: ConnectionTaker): void {
    this.#free.delete(taker);
    const socket = this.#handed.get(taker);
    this.#handed.delete(taker);
    if (socket !== undefined) this.#wait(socket);
    this.#endWhenDealt();
  }

  /**
   * Takes no more connections. Resolves when those that it has accepted have been handed over; closes what no process
   * takes, or would take in time.
   */
  async close(): Promise<void> {
    this.#server.close();
    await new Promise<void>((resolve) => {
      this.#onDealt = resolve;
      this.#endWhenDealt();
    });
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {});
    if (this.#waiting.size === MAX_WAITING) socket.destroy();
    else this.#wait(socket);
  }

  #wait(socket: Socket): void {
    this.#waiting.add(socket);
    socket.setTimeout(MAX_WAIT_MS, () => this.#giveUp(socket));
    this.#deal();
  }

  #giveUp(socket: Socket): void {
    this.#waiting.delete(socket);
    socket.destroy();
    this.#endWhenDealt();
  }

  #deal(): void {
    for (const taker of this.#free) {
      const [socket] = this.#waiting;
      if (socket === undefined) break;
      this.#waiting.delete(socket);
      socket.setTimeout(0).removeAllListeners('timeout');
      this.#free.delete(taker);
      this.#handed.set(taker, socket);
      taker.hand(socket, (error) => {
        if (error !== null) this.remove(taker);
      });
    }
    this.#endWhenDealt();
  }

  #endWhenDealt(): void {
    if (this.#onDealt === undefined) return;
    if (this.#free.size + this.#handed.size === 0) for (const socket of this.#waiting) socket.destroy();
    else if (this.#waiting.size > 0) return;
    this.#onDealt();
  }
}
