import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

export interface Received {
  path: string | undefined;
  service: unknown;
  spans: ReceivedSpan[];
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}

/** Runs `use` against a collector that listens on a free port and answers with `status`. */
export async function withCollector(
  status: number,
  use: (endpoint: string, received: readonly Received[]) => Promise<void>,
): Promise<void> {
  const received: Received[] = [];
  const collector = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        const { resourceSpans } = JSON.parse(body);
        for (const { resource, scopeSpans } of resourceSpans) {
          const service = resource.attributes.find(({ key }: { key: string }) => key === 'service.name')?.value
            .stringValue;
          received.push({ path: request.url, service, spans: scopeSpans.flatMap(({ spans }: Received) => spans) });
        }
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`, received);
  } finally {
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
  }
}

/** The attributes of a span by name. */
export function attributesOf({ attributes }: ReceivedSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
