/** An answer as it came: the head undecoded, because a load generator looks at few headers. */
export interface HttpResponse {
  readonly status: number;
  /** Status line and headers, without the empty line. */
  readonly head: string;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * Puts together the answers of one connection, one at a time (a request is sent only after the answer to the one
 * before). Knows Content-Length, chunked bodies and answers without a body (RFC 9112, 6.3). Throws on anything else.
 */
export class ResponseReader {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes of the whole answer when known; before that the reader looks at what it has. */
  #wanted = 0;

  /** Takes bytes as they arrive; gives the answer with the last of them. */
  push(chunk: Buffer): HttpResponse | undefined {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return undefined;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [bytes];
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd < 0) {
      if (bytes.length > MAX_HEAD_BYTES) throw new Error('the head of the answer does not end');
      return undefined;
    }
    const head = bytes.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const body = this.#bodyOf(head, status, bytes, headEnd + HEAD_END.length);
    if (body === undefined) return undefined;
    this.#chunks = [];
    this.#size = 0;
    this.#wanted = 0;
    return { status, head, body };
  }

  #bodyOf(head: string, status: number, bytes: Buffer, start: number): Buffer | undefined {
    if (!head.startsWith('HTTP/1.1 ') || !(status >= 200)) throw new Error(`not a final answer: ${head.slice(0, 40)}`);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined || status === 204 || status === 304) {
      const bodyLength = status === 204 || status === 304 ? 0 : Number(length);
      this.#wanted = start + bodyLength;
      if (bytes.length > this.#wanted) throw new Error('bytes after the end of the answer');
      return bytes.length === this.#wanted ? bytes.subarray(start) : undefined;
    }
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) return unchunk(bytes, start);
    throw new Error('an answer with neither Content-Length nor chunks');
  }
}

/** The body of RFC 9112, 7.1 from `start`, or undefined while its last chunk is missing. */
function unchunk(bytes: Buffer, start: number): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    if (size === 0) return bytes.indexOf('\r\n', lineEnd + 2) < 0 ? undefined : Buffer.concat(parts);
    const chunkEnd = lineEnd + 2 + size;
    if (bytes.length < chunkEnd + 2) return undefined;
    parts.push(bytes.subarray(lineEnd + 2, chunkEnd));
    at = chunkEnd + 2;
  }
}
