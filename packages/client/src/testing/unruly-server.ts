import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
}

/** What the server does with one request. */
export type Behaviour = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

export interface UnrulyServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** What happens to the next requests, one after the other; the last goes on. */
  plan(...behaviours: readonly Behaviour[]): void;
  close(): Promise<void>;
}

/** A server on a real socket that does to each request what the test has planned. */
export async function startUnrulyServer(): Promise<UnrulyServer> {
  const requests: SeenRequest[] = [];
  let planned: Behaviour[] = [];
  const server = createServer((message, response) => {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('end', () => {
      const { method = '', url: path = '', headers } = message;
      const request = { method, path, headers, body: Buffer.concat(parts).toString(), at: performance.now() };
      requests.push(request);
      const behaviour = planned.length > 1 ? planned.shift() : planned[0];
      void (async () => await behaviour?.(response, request))().catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    plan(...behaviours) {
      planned = [...behaviours];
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export const answer =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body === undefined ? undefined : JSON.stringify(body));
  };

export const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) =>
  answer(
    status,
    {
      type: `/docs/errors#${code}`,
      title: 'A title',
      status,
      code,
      requestId: 'r1',
      retryable: status >= 500,
      ...more,
    },
    { 'content-type': 'application/problem+json', 'x-request-id': 'r1', ...headers },
  );

export const text =
  (status: number, type: string, body: string): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

export const drop: Behaviour = (response) => {
  response.destroy();
};

/** Half of the answer that was announced. */
export const truncate: Behaviour = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' });
  response.write('{"items":[', () => response.destroy());
};

export const silence: Behaviour = () => {};

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding'];

async function askUpstream(upstream: string, { method, path, headers, body }: SeenRequest): Promise<Response> {
  const passed = Object.entries(headers).filter(([name]) => ![...HOP_BY_HOP, 'host'].includes(name));
  return await fetch(upstream + path, {
    method,
    headers: passed.map(([name, value]): [string, string] => [name, String(value)]),
    ...(body === '' ? {} : { body }),
  });
}

/** Lets a real server answer. */
export const forward =
  (upstream: string): Behaviour =>
  async (response, request) => {
    const given = await askUpstream(upstream, request);
    const body = Buffer.from(await given.arrayBuffer());
    const passed = [...given.headers].filter(([name]) => !HOP_BY_HOP.includes(name));
    response.writeHead(given.status, Object.fromEntries(passed)).end(body);
  };

/** The real server does what it is asked; nobody hears of it. */
export const loseAnswer =
  (upstream: string): Behaviour =>
  async (response, request) => {
    await (await askUpstream(upstream, request)).arrayBuffer();
    response.destroy();
  };

/** The real server does what it is asked; half of its answer arrives. */
export const cutAnswer =
  (upstream: string): Behaviour =>
  async (response, request) => {
    const given = await askUpstream(upstream, request);
    const body = Buffer.from(await given.arrayBuffer());
    response.writeHead(given.status, { ...JSON_TYPE, 'content-length': String(body.length + 1) });
    response.write(body, () => response.destroy());
  };
