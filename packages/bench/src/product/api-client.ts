import { HttpConnection, targetOf } from '../load/http-connection.js';
import type { BenchRequest } from '../load/request.js';
import { getRequest, postRequest } from '../load/request.js';
import type { HttpResponse } from '../load/response-reader.js';

/** Calls the product's API for preparations and verifications, one call at a time. */
export class ApiClient {
  readonly #url: string;
  #connection: HttpConnection | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** The answer whatever its status. Rejects when there is none. */
  async send(request: BenchRequest): Promise<HttpResponse> {
    if (this.#connection?.usable !== true) this.#connection = await HttpConnection.open(targetOf(this.#url));
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      connection.send(request.wire, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  }

  get<T>(path: string, token: string | null): Promise<T> {
    return this.#json<T>(getRequest(path, token), path);
  }

  post<T>(path: string, token: string | null, body: object): Promise<T> {
    return this.#json<T>(postRequest(path, token, JSON.stringify(body)), path);
  }

  put<T>(path: string, token: string): Promise<T> {
    const wire = `PUT ${path} HTTP/1.1\r\nhost: nova\r\nauthorization: Bearer ${token}\r\ncontent-length: 0\r\n\r\n`;
    return this.#json<T>({ wire, subject: 0 }, path);
  }

  close(): void {
    this.#connection?.close();
  }

  async #json<T>(request: BenchRequest, path: string): Promise<T> {
    const { status, body } = await this.send(request);
    const text = body.toString();
    if (status >= 300) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }
}
