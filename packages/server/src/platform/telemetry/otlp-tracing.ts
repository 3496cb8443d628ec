import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  NodeTracerProvider,
  RandomIdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import { type ActiveSpan, noTracing, type SpanAttributes, type Tracing } from './span.js';
import type { TraceContext } from './trace-context.js';

const EXPORT_TIMEOUT_MS = 3000;
const EXPORT_DELAY_MS = 1000;
/** Spans that may wait for the collector; past it they are dropped (I10). */
const MAX_WAITING_SPANS = 2048;
/** A caller names its GraphQL operations as it likes. */
const MAX_ATTRIBUTE_LENGTH = 256;

/**
 * Tracing with the OpenTelemetry SDK. Nothing is registered globally, so that several servers can live in one
 * process and closing one leaves nothing behind. The parent travels as an argument; only for `record`, far below any, it
 * also does in an AsyncLocalStorage, which every await of the process pays for.
 *
 * @param endpoint base address of the collector; spans go to `<endpoint>/v1/traces`
 */
export function createOtlpTracing(
  endpoint: string,
  serviceName: string,
  onExportError: (error: Error) => void,
): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const reporting = new ReportingExporter(exporter, onExportError);
  const ids = new TraceIds();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: MAX_ATTRIBUTE_LENGTH },
    spanProcessors: [
      new BatchSpanProcessor(reporting, {
        maxQueueSize: MAX_WAITING_SPANS,
        scheduledDelayMillis: EXPORT_DELAY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('nova');
  const off = noTracing();

  const under = new AsyncLocalStorage<TraceContext>();

  const start = (name: string, parent: TraceContext, attributes: SpanAttributes, options: SpanOptions = {}) => {
    const kind = parent.origin === 'local' ? SpanKind.INTERNAL : SpanKind.SERVER;
    const all = { kind, attributes: defined(attributes), ...options };
    if (parent.origin === 'new') {
      // The trace began here: its id is in logs and answers already, so the first span must take it over.
      ids.nextTraceId = parent.traceId;
      return tracer.startSpan(name, { ...all, root: true }, ROOT_CONTEXT);
    }
    const { traceId, spanId } = parent;
    const above = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: parent.origin === 'remote' };
    return tracer.startSpan(name, all, trace.setSpanContext(ROOT_CONTEXT, above));
  };

  return {
    enabled: true,
    open: (name, attributes, parent) => {
      if (!parent.sampled) return off.open(name, attributes, parent);
      const span = start(name, parent, attributes);
      return { context: contextOf(span), end: (more) => end(span, more) };
    },
    span: async (name, attributes, parent, work) => {
      if (!parent.sampled) return off.span(name, attributes, parent, work);
      const span = start(name, parent, attributes);
      const active: ActiveSpan = { setAttributes: (more) => span.setAttributes(defined(more)) };
      const context = contextOf(span);
      try {
        const result = await under.run(context, () => work(context, active));
        end(span, {});
        return result;
      } catch (error) {
        // The type only: messages may quote a caller's data, and logs have them under the same id.
        end(span, { 'error.type': error instanceof Error ? error.name : 'Error' });
        throw error;
      }
    },
    within: (context, work) => under.run(context, work),
    record: (name, attributes, durationMs) => {
      const parent = under.getStore();
      if (!parent?.sampled) return;
      const endTime = Date.now();
      const span = start(name, parent, {}, { kind: SpanKind.CLIENT, startTime: endTime - durationMs });
      end(span, attributes, endTime);
    },
    // What the exporter could not send has been reported; an error here must not stop the rest of a shut-down.
    close: () => provider.shutdown().catch(reporting.reportOnce),
  };
}

function contextOf(span: Span): TraceContext {
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId, sampled: true, origin: 'local' };
}

function end(span: Span, attributes: SpanAttributes, endTime?: number): void {
  span.setAttributes(defined(attributes));
  if (attributes['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}

function defined(attributes: SpanAttributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** Random ids, except for the trace id that the next root span takes over. */
class TraceIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  nextTraceId: string | undefined;

  readonly generateTraceId = (): string => {
    const traceId = this.nextTraceId ?? this.#random.generateTraceId();
    this.nextTraceId = undefined;
    return traceId;
  };

  readonly generateSpanId = (): string => this.#random.generateSpanId();
}

/** Passes on what the exporter could not send: by itself the SDK drops spans in silence. */
class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #onError: (error: Error) => void;
  #reported: unknown;

  constructor(exporter: SpanExporter, onError: (error: Error) => void) {
    this.#exporter = exporter;
    this.#onError = onError;
  }

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.#exporter.export(spans, (result) => {
      if (result.error !== undefined) this.reportOnce(result.error);
      done(result);
    });
  }

  /** The same error comes back from the SDK's shut-down. */
  readonly reportOnce = (error: unknown): void => {
    if (error === this.#reported) return;
    this.#reported = error;
    this.#onError(error instanceof Error ? error : new Error(String(error)));
  };

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }
}
