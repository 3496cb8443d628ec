import type { TraceContext } from './trace-context.js';

/** Facts about a span; undefined ones are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** The span under way, for what is only known later. */
export interface ActiveSpan {
  setAttributes(attributes: SpanAttributes): void;
}

export interface Tracing {
  /** False when nothing is recorded: costly attributes need not be gathered. */
  readonly enabled: boolean;
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
  /** Sends what waits, for at most 3 s, and stops. */
  close(): Promise<void>;
}

/** Tracing that records nothing. */
export function noTracing(): Tracing {
  const span: ActiveSpan = { setAttributes: () => {} };
  return {
    enabled: false,
    span: (_name, _attributes, parent, work) => work(parent, span),
    close: async () => {},
  };
}
