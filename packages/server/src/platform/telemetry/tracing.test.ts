import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { attributesOf, withCollector } from '../../testing/otlp-collector.js';
import { noTracing, type Tracing } from './span.js';
import { newTraceContext, parseTraceparent, type TraceContext } from './trace-context.js';
import { createTracing } from './tracing.js';

function tracingTo(endpoint: string, onExportError?: (error: Error) => void): Promise<Tracing> {
  const config = loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: 'nova-test' });
  return createTracing(config, onExportError === undefined ? {} : { onExportError });
}

describe('tracing to a collector', () => {
  it('sends spans with the name, trace and parent they had', async () => {
    await withCollector(200, async (endpoint, received) => {
      const tracing = await tracingTo(`${endpoint}/`);
      const parent = parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01') as TraceContext;
      const fresh = newTraceContext();
      let inner: TraceContext | undefined;
      try {
        const result = await tracing.span(
          'GET /api/v1/feed',
          { route: '/api/v1/feed', none: undefined },
          parent,
          (context, span) => {
            span.setAttributes({ status: 200 });
            return tracing.span('feed.candidates', {}, context, async (nested) => {
              inner = nested;
              return 42;
            });
          },
        );
        expect(result).toBe(42);
        await tracing.span('POST /api/v1/posts', {}, fresh, async () => {});
      } finally {
        await tracing.close();
      }
      const spans = received.flatMap((batch) => batch.spans);
      const [query, feed, post] = ['feed.candidates', 'GET /api/v1/feed', 'POST /api/v1/posts'].map((name) =>
        spans.find((span) => span.name === name),
      );
      expect(spans).toHaveLength(3);
      expect(received[0]).toMatchObject({ path: '/v1/traces', service: 'nova-test' });
      expect(feed).toMatchObject({ traceId: parent.traceId, parentSpanId: parent.spanId, kind: 2 });
      expect(feed?.attributes).toEqual([
        { key: 'route', value: { stringValue: '/api/v1/feed' } },
        { key: 'status', value: { intValue: 200 } },
      ]);
      expect(query).toMatchObject({ traceId: parent.traceId, parentSpanId: feed?.spanId, kind: 1 });
      expect(inner).toEqual({ traceId: parent.traceId, spanId: query?.spanId, sampled: true, origin: 'local' });
      expect(post?.traceId).toBe(fresh.traceId);
      expect(post?.parentSpanId ?? '').toBe('');
    });
  });

  it('marks failed spans without quoting the message, and passes the error on', async () => {
    await withCollector(200, async (endpoint, received) => {
      const tracing = await tracingTo(endpoint);
      const failing = tracing.span('work', {}, newTraceContext(), () => Promise.reject(new TypeError('QXZ-private')));
      await expect(failing).rejects.toThrow('QXZ-private');
      await tracing.close();
      const [span] = received.flatMap((batch) => batch.spans);
      expect(span?.status.code).toBe(2);
      expect(span?.attributes).toEqual([{ key: 'error.type', value: { stringValue: 'TypeError' } }]);
      expect(JSON.stringify(received)).not.toContain('QXZ-private');
    });
  });

  it('records nothing of a trace that the caller does not sample', async () => {
    await withCollector(200, async (endpoint, received) => {
      const tracing = await tracingTo(endpoint);
      const parent = newTraceContext(false);
      expect(await tracing.span('quiet', {}, parent, async (context) => context)).toBe(parent);
      await tracing.span('loud', {}, newTraceContext(), async () => {});
      await tracing.close();
      expect(received.flatMap((batch) => batch.spans).map(({ name }) => name)).toEqual(['loud']);
    });
  });

  it('records what other systems were asked for under the span that asked, whatever it awaited', async () => {
    await withCollector(200, async (endpoint, received) => {
      const tracing = await tracingTo(endpoint);
      const ask = async (name: string, errorType?: string) => {
        await new Promise(setImmediate);
        tracing.record(name, { 'error.type': errorType }, 20);
      };
      const server = tracing.open('GET /feed', {}, newTraceContext());
      await ask('outside');
      await tracing.within(server.context, async () => {
        await ask('in the server span');
        await tracing.span('query', {}, server.context, () => ask('in the inner span', '_OTHER'));
      });
      await tracing.within(newTraceContext(false), () => ask('unsampled'));
      server.end({ 'error.type': '503' });
      await tracing.close();
      const spans = received.flatMap((batch) => batch.spans);
      const named = (name: string) => spans.find((span) => span.name === name);
      expect(spans).toHaveLength(4);
      expect(named('GET /feed')).toMatchObject({ spanId: server.context.spanId, kind: 2, status: { code: 2 } });
      expect(named('in the server span')).toMatchObject({ parentSpanId: server.context.spanId, kind: 3 });
      const inner = named('in the inner span');
      expect(inner).toMatchObject({ parentSpanId: named('query')?.spanId, kind: 3, status: { code: 2 } });
      expect(inner && attributesOf(inner)).toEqual({ 'error.type': '_OTHER' });
      const durationNs = BigInt(inner?.endTimeUnixNano ?? 0) - BigInt(inner?.startTimeUnixNano ?? 0);
      expect(durationNs).toBe(20_000_000n);
    });
  });

  it('tells of spans that the collector refuses', async () => {
    await withCollector(400, async (endpoint) => {
      const errors: Error[] = [];
      const tracing = await tracingTo(endpoint, (error) => errors.push(error));
      await tracing.span('lost', {}, newTraceContext(), async () => {});
      await tracing.close();
      expect(errors).toHaveLength(1);
    });
  });
});

describe('tracing without an endpoint', () => {
  it('calls straight through', async () => {
    const parent = newTraceContext();
    expect(await noTracing().span('x', {}, parent, async (context) => context)).toBe(parent);
  });

  it('loads no part of OpenTelemetry', async () => {
    const loaded = async (env: Record<string, string>): Promise<number> => {
      const script = `
        import { createRequire } from 'node:module';
        import { loadConfig } from ${JSON.stringify(new URL('../../config/index.ts', import.meta.url).href)};
        import { createTracing } from ${JSON.stringify(new URL('./tracing.ts', import.meta.url).href)};
        const tracing = await createTracing(loadConfig(${JSON.stringify(env)}));
        await tracing.close();
        const { cache } = createRequire(${JSON.stringify(import.meta.url)});
        console.log(Object.keys(cache).filter((path) => path.includes('@opentelemetry')).length);`;
      const loader = new URL('../../testing/typescript-loader.mjs', import.meta.url).href;
      const args = ['--import', loader, '--input-type=module', '--eval', script];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: new URL('.', import.meta.url) });
      return Number(stdout.trim());
    };
    expect(await loaded({})).toBe(0);
    expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toBeGreaterThan(0);
  });
});
