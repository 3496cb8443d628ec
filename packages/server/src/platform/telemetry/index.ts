export type { EventLoopDelay } from './event-loop.js';
export { createLogger, createSilentLogger, type Logger, type LoggerOptions } from './log.js';
export {
  type BreakerStateName,
  type CacheMetrics,
  type CacheReading,
  createMetrics,
  type Metrics,
  type OutboxLag,
  type PoolReading,
  type QueryRecord,
  type QueueReading,
} from './metrics.js';
export type { ProcessIdentity } from './process-metrics.js';
export { redactText } from './redaction.js';
export { type ActiveSpan, noTracing, type OpenSpan, type SpanAttributes, type Tracing } from './span.js';
export {
  formatTraceparent,
  newTraceContext,
  parseTraceparent,
  type TraceContext,
  traceContextFrom,
} from './trace-context.js';
export { createTracing, type TracingOptions } from './tracing.js';
export type { LogFields } from './vocabulary.js';
export type { Unwatch } from './watched-gauges.js';
