import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../../platform/telemetry/index.js';

export interface DrainOptions {
  /** How long requests may take to finish before their connections are cut, from when the server became unready. */
  readonly timeoutMs: number;
  /** How much of that connections are still taken, for load balancers that have not noticed. 0 by default. */
  readonly unreadyMs?: number;
}

/** How often connections that have become idle are closed. */
const SWEEP_MS = 50;

/** The orderly end of a server (I14). */
export class Drain {
  readonly #server: FastifyInstance;
  readonly #log: Logger;
  readonly #sockets = new Set<Socket>();
  /** On the `performance.now()` clock. */
  #unreadySince: number | null = null;
  #takesConnections = true;
  #ending: Promise<void> | null = null;
  #emptied = () => {};

  constructor(server: FastifyInstance, log: Logger) {
    this.#server = server;
    this.#log = log;
    server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) this.#emptied();
      });
    });
  }

  get connections(): number {
    return this.#sockets.size;
  }

  get isUnready(): boolean {
    return this.#unreadySince !== null;
  }

  get takesConnections(): boolean {
    return this.#takesConnections;
  }

  /** From now on `/readyz` says 503 and every answer `Connection: close`; all else goes on until `begin`. */
  becomeUnready(): void {
    this.#unreadySince ??= performance.now();
  }

  /**
   * Unready at once; after the unready time no new connections, idle ones closed; requests in flight, and those that
   * still come on open connections, are answered. Resolves when the server is closed, at the latest soon after the
   * timeout. Connections that were upgraded (WebSocket) belong to whoever upgraded them: end them in a `preClose` hook.
   * A second call gives the end of the first.
   */
  begin(options: DrainOptions): Promise<void> {
    this.becomeUnready();
    this.#ending ??= this.#run(options);
    return this.#ending;
  }

  async #run({ timeoutMs, unreadyMs = 0 }: DrainOptions): Promise<void> {
    const since = this.#unreadySince ?? performance.now();
    const left = (ms: number) => Math.max(0, since + ms - performance.now());
    if (left(unreadyMs) > 0) await wait(left(unreadyMs));
    this.#takesConnections = false;
    const { server } = this.#server;
    // Node closes the connections that are idle now, but not those that become so later.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      this.#closeSilent();
    }, SWEEP_MS);
    const cut = setTimeout(() => {
      this.#log.warn({ durationMs: timeoutMs }, 'requests in flight did not finish in time; their connections are cut');
      server.closeAllConnections();
    }, left(timeoutMs));
    try {
      await this.#server.close();
      // The server counts only the connections that it has accepted itself.
      await this.#allClosed();
    } finally {
      clearInterval(sweep);
      clearTimeout(cut);
    }
  }

  async #allClosed(): Promise<void> {
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }

  /** Those opened ahead of need, as browsers do: Node counts them as busy until they have sent something. */
  #closeSilent(): void {
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
