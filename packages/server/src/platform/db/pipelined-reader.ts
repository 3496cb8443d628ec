import { Client, type ClientConfig, type QueryResult } from 'pg';
import { platformErrors } from '../errors/index.js';
import { ConnectionLost, DatabaseSilent, isPostgresError, isStatementMixUp } from './connection-failure.js';
import { cutConnection, endConnection, isSending, sendTogether } from './connection-socket.js';
import { onDeadline, serverTimeoutMs } from './deadline.js';
import { prepareTenantReads, TenantRead, type TenantReadConfig } from './tenant-read.js';
import { valueParsers } from './value-parsers.js';

export interface PipelinedReaderOptions {
  readonly connection: ClientConfig;
  /** Sockets; each carries many reads at once. */
  readonly connections: number;
  /** Reads under way over all sockets; beyond `saturation` of it callers are refused (R3, I10). */
  readonly maxInFlight: number;
  /** 0..1 */
  readonly saturation: number;
  readonly preparedStatements: boolean;
  readonly connectTimeoutMs: number;
  /** A socket that has owed an answer for this long is given up when a read on it passes its deadline. */
  readonly silenceMs: number;
  /** A socket is replaced after this long, so that load follows a changed topology. */
  readonly lifetimeMs: number;
  readonly onError: (error: Error) => void;
  /**
   * Told once of a socket that is lost with reads on it, however many, and of each read that finds none while there has
   * been none for `silenceMs`.
   */
  readonly onFailure: () => void;
}

interface Socket {
  readonly client: Client;
  /** On the `performance.now()` clock. */
  readonly retireAt: number;
  /** Sent and not answered, also those whose callers wait no more. */
  inFlight: number;
  /** When the last answer came, or the first read after none was owed went out. */
  heardAt: number;
  usable: boolean;
  readonly lost: Set<(error: Error) => void>;
}

/** A read for which there is no socket. */
interface Waiter {
  readonly wake: () => void;
  readonly refuse: () => void;
}

/** Reads that join one which is about to be sent before another socket is better: each write wakes a server process. */
const SENT_TOGETHER = 8;
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MAX_MS = 1_000;

/**
 * Short, lock-free reads of all requests over a few shared sockets, each read a transaction of its own, sent without
 * waiting for the answers to those before it.
 *
 * When a read passes its deadline on a socket that has been silent, the socket is destroyed, as nothing else can
 * unblock those queued behind it; they fail with `ConnectionLost` and the caller above retries them once. A read whose
 * caller had little time left fails alone. The server gets a shorter statement_timeout first, so that a merely slow
 * statement ends alone and the socket survives.
 */
export class PipelinedReader {
  readonly #options: PipelinedReaderOptions;
  readonly #sockets: (Socket | undefined)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #inFlight = 0;
  #closed = false;
  /** When a socket went out of use last. */
  #lostAt = 0;
  readonly #waiters = new Set<Waiter>();

  constructor(options: PipelinedReaderOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get openSockets(): number {
    return this.#sockets.filter((socket) => socket?.usable).length;
  }

  /** Opens all sockets; rejects when the first attempt of any fails. */
  async open(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.connections }, (_, slot) => this.#connect(slot)));
  }

  /**
   * Throws `overloaded` at once when saturated (R3), `ConnectionLost`, `DatabaseSilent`, `deadline_exceeded`, or
   * PostgreSQL's error.
   */
  async read(read: TenantReadConfig): Promise<QueryResult> {
    const { maxInFlight, saturation } = this.#options;
    if (this.#inFlight >= maxInFlight * saturation) {
      throw platformErrors.overloaded({ detail: 'too many reads are under way', retryAfterMs: 250 });
    }
    this.#inFlight += 1;
    const deadline = performance.now() + read.timeoutMs;
    let socket: Socket;
    try {
      socket = this.#pick() ?? (await this.#waitForSocket(read.timeoutMs));
    } catch (error) {
      this.#inFlight -= 1;
      throw error;
    }
    return await this.#send(socket, read, deadline - performance.now());
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const { refuse } of this.#waiters) refuse();
    this.#waiters.clear();
    await Promise.all(
      this.#sockets.map(async (socket) => {
        if (socket === undefined) return;
        socket.usable = false;
        await endConnection(socket.client);
      }),
    );
  }

  #pick(): Socket | undefined {
    let best: Socket | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const socket of this.#sockets) {
      if (!socket?.usable) continue;
      const load = socket.inFlight - (isSending(socket.client) ? SENT_TOGETHER : 0);
      if (load < least) {
        least = load;
        best = socket;
      }
    }
    return best;
  }

  #waitForSocket(timeoutMs: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const refuse = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        if (performance.now() - this.#lostAt >= this.#options.silenceMs) this.#options.onFailure();
        reject(new ConnectionLost('no database connection'));
      };
      const wake = () => {
        const socket = this.#pick();
        if (socket === undefined) return;
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(socket);
      };
      const waiter: Waiter = { wake, refuse };
      const timer = setTimeout(refuse, Math.max(timeoutMs, 1));
      this.#waiters.add(waiter);
    });
  }

  #send(socket: Socket, read: TenantReadConfig, timeoutMs: number): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      let result: QueryResult | undefined;
      let answered = false;
      if (socket.inFlight === 0) socket.heardAt = performance.now();
      socket.inFlight += 1;

      const finish = (error: Error | undefined) => {
        if (answered) return;
        answered = true;
        cancelDeadline();
        socket.lost.delete(finish);
        socket.inFlight -= 1;
        socket.heardAt = performance.now();
        this.#inFlight -= 1;
        if (error) reject(error);
        else if (result) resolve(result);
        else reject(new ConnectionLost('the connection ended before the answer'));
        if (socket.inFlight === 0 && !socket.usable) void endConnection(socket.client);
      };
      const cancelDeadline = onDeadline(timeoutMs, () => {
        const silentMs = performance.now() - socket.heardAt;
        const silent = silentMs >= this.#options.silenceMs;
        if (silent) reject(new DatabaseSilent(`no answer for ${Math.round(silentMs)} ms`));
        else reject(platformErrors.deadline_exceeded({ detail: 'the database did not answer in time' }));
        // A socket that takes no more reads is cut by this one or by nobody.
        if (!silent && socket.usable) return;
        if (silent) this.#options.onFailure();
        this.#destroy(socket, new ConnectionLost('a read before this one passed its deadline'));
      });
      socket.lost.add(finish);

      sendTogether(socket.client);
      socket.client.query(
        new TenantRead({ ...read, timeoutMs: serverTimeoutMs(timeoutMs) }, (error, answer) => {
          // The server's last word on this connection: its end tells all reads on it, this one too.
          if (isPostgresError(error) && error.severity === 'FATAL') return;
          // What `pg` remembers of this connection would fail reads for as long as it lives.
          if (isStatementMixUp(error)) this.#retire(socket);
          result = answer;
          finish(error ?? undefined);
        }),
      );
      if (performance.now() > socket.retireAt) this.#retire(socket);
    });
  }

  /** Takes a socket out of use; the reads on it finish first. */
  #retire(socket: Socket): void {
    if (!socket.usable) return;
    socket.usable = false;
    this.#lostAt = performance.now();
    this.#reconnect(this.#sockets.indexOf(socket), 0);
  }

  #destroy(socket: Socket, reason: Error): void {
    this.#retire(socket);
    for (const lose of [...socket.lost]) lose(reason);
    // `end` would wait for the answers that are not coming.
    cutConnection(socket.client);
  }

  async #connect(slot: number): Promise<void> {
    const client = new Client({
      ...this.#options.connection,
      connectionTimeoutMillis: this.#options.connectTimeoutMs,
      pipeline: true,
      keepAlive: true,
      types: valueParsers,
    });
    const now = performance.now();
    // Not all at once: until the new one is open, reads go over the others.
    const retireAt = now + this.#options.lifetimeMs * (0.75 + Math.random() / 4);
    const socket: Socket = { client, retireAt, inFlight: 0, heardAt: now, usable: false, lost: new Set() };
    const lose = (message: string) => {
      if (socket.lost.size > 0) this.#options.onFailure();
      this.#destroy(socket, new ConnectionLost(message));
    };
    client.on('error', (error) => {
      this.#options.onError(error);
      lose(error.message);
    });
    client.on('end', () => lose('the server closed the connection'));
    await client.connect();
    if (this.#options.preparedStatements) await prepareTenantReads(client);
    if (this.#closed) {
      await endConnection(client);
      return;
    }
    socket.usable = true;
    this.#sockets[slot] = socket;
    for (const { wake } of [...this.#waiters]) wake();
  }

  #reconnect(slot: number, delayMs: number): void {
    if (this.#closed || slot < 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#connect(slot).catch((error: Error) => {
        this.#options.onError(error);
        const next = Math.min(Math.max(delayMs * 2, RECONNECT_FIRST_MS), RECONNECT_MAX_MS);
        this.#reconnect(slot, next * (0.5 + Math.random() / 2));
      });
    }, delayMs);
    this.#timers.add(timer);
  }
}
