import type { TraceContext } from './trace-context.js';

/** Facts about a span; undefined ones are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** The span under way, for what is only known later. */
export interface ActiveSpan {
  setAttributes(attributes: SpanAttributes): void;
}

/** A span that whoever opened it ends. */
export interface OpenSpan {
  /** Under which further work hangs. */
  readonly context: TraceContext;
  /** @param attributes with `error.type` the span has failed */
  end(attributes: SpanAttributes): void;
}

export interface Tracing {
  /** False when nothing is recorded: costly attributes need not be gathered. */
  readonly enabled: boolean;
  /** Opens a span of the parent's trace, for work that ends elsewhere. */
  open(name: string, attributes: SpanAttributes, parent: TraceContext): OpenSpan;
  /**
   * Runs `work` inside a span of the parent's trace and gives its result. `work` gets the context under which its own
   * calls hang. An error marks the span as failed and goes on to the caller.
   */
  span<T>(
    name: string,
    attributes: SpanAttributes,
    parent: TraceContext,
    work: (context: TraceContext, span: ActiveSpan) => Promise<T>,
  ): Promise<T>;
  /** Runs `work` so that what it, or whatever it begins, asks of another system is recorded under this context. */
  within<T>(context: TraceContext, work: () => T): T;
  /** Records what another system has just answered, under the context of `within` or `span`; outside of both nothing. */
  record(name: string, attributes: SpanAttributes, durationMs: number): void;
  /** Sends what waits, for at most 3 s, and stops. */
  close(): Promise<void>;
}

/** Tracing that records nothing. */
export function noTracing(): Tracing {
  const span: ActiveSpan = { setAttributes: () => {} };
  return {
    enabled: false,
    open: (_name, _attributes, parent) => ({ context: parent, end: () => {} }),
    span: (_name, _attributes, parent, work) => work(parent, span),
    within: (_context, work) => work(),
    record: () => {},
    close: async () => {},
  };
}
