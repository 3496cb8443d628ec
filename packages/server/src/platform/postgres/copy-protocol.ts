import { Readable, Writable } from 'node:stream';
import type { Connection, Submittable } from 'pg';

/** What `pg`'s connection offers for COPY beyond its published types. */
type CopyConnection = Connection & {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
};

const BATCH_BYTES = 64 * 1024;

/** The row count of a command tag such as `COPY 42`. */
function copiedRows(tag: string): number {
  return Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? Number.NaN);
}

/**
 * `COPY .. TO STDOUT` as a stream: `pipeline(client.query(new CopyOut(sql)), sink)`.
 *
 * Destroying it before its end destroys the connection, the only quick way to make the server stop sending.
 * Protocol: PostgreSQL documentation, "Frontend/Backend Protocol", COPY Operations.
 */
export class CopyOut extends Readable implements Submittable {
  /** Rows copied; valid when the stream has ended. */
  rows = Number.NaN;
  readonly #sql: string;
  #connection: Connection | undefined;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #answered = false;

  constructor(sql: string) {
    super({ highWaterMark: 4 * BATCH_BYTES });
    this.#sql = sql;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.query(this.#sql);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // One message a row, in a buffer that the parser uses again: copied, and gathered into pieces worth compressing.
    this.#batch.push(Buffer.from(chunk));
    this.#batchBytes += chunk.length;
    if (this.#batchBytes >= BATCH_BYTES && !this.#flush()) this.#connection?.stream.pause();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = copiedRows(text);
  }

  handleReadyForQuery(): void {
    this.#answered = true;
    this.#flush();
    this.push(null);
  }

  handleError(error: Error): void {
    this.#answered = true;
    this.destroy(error);
  }

  override _read(): void {
    this.#connection?.stream.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#answered) this.#connection?.stream.destroy();
    callback(error);
  }

  #flush(): boolean {
    if (this.#batchBytes === 0) return true;
    const piece = Buffer.concat(this.#batch, this.#batchBytes);
    this.#batch = [];
    this.#batchBytes = 0;
    return this.push(piece);
  }
}

/** `COPY .. FROM STDIN` as a stream: `pipeline(source, client.query(new CopyIn(sql)))`. */
export class CopyIn extends Writable implements Submittable {
  /** Rows copied; valid when the stream has finished. */
  rows = Number.NaN;
  readonly #sql: string;
  #connection: CopyConnection | undefined;
  #opened: ((error?: Error) => void) | undefined;
  #completed: ((error?: Error) => void) | undefined;
  #copying = false;

  constructor(sql: string) {
    super({ highWaterMark: 4 * BATCH_BYTES });
    this.#sql = sql;
  }

  submit(connection: Connection): void {
    this.#connection = connection as CopyConnection;
    connection.query(this.#sql);
  }

  /** Nothing is written before the server asks for data. */
  override _construct(callback: (error?: Error) => void): void {
    this.#opened = callback;
  }

  handleCopyInResponse(): void {
    this.#copying = true;
    this.#opened?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#connection?.sendCopyFromChunk(chunk);
    if (this.#connection?.stream.writableNeedDrain) this.#connection.stream.once('drain', callback);
    else callback();
  }

  override _final(callback: (error?: Error) => void): void {
    this.#completed = callback;
    this.#copying = false;
    this.#connection?.endCopyFrom();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = copiedRows(text);
  }

  handleReadyForQuery(): void {
    this.#completed?.();
  }

  handleError(error: Error): void {
    const opening = !this.#copying && this.#completed === undefined;
    this.#copying = false;
    if (opening) this.#opened?.(error);
    else if (this.#completed !== undefined) this.#completed(error);
    else this.destroy(error);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#copying) this.#connection?.sendCopyFail(error?.message ?? 'given up');
    this.#copying = false;
    callback(error);
  }
}
