import { randomUUID } from 'node:crypto';

/** Where a piece of work belongs in a distributed trace (W3C Trace Context). */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. Also the correlation id in logs, errors and events (O2). */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero: the span under which further work hangs. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
  /** `new`: begun here, so `spanId` names no recorded span; `remote`: sent by the caller; `local`: a span made here. */
  readonly origin: 'new' | 'remote' | 'local';
}

/** version "-" trace-id "-" parent-id "-" trace-flags; a later version may go on after another "-". */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
const SAMPLED = 1;
/** No vendor needs more; a longer header is an attack on the parser or the log. */
const MAX_LENGTH = 512;

/**
 * Reads a `traceparent` header as https://www.w3.org/TR/trace-context-2/ section 3.2 asks: anything malformed (upper
 * case, zero ids, version ff, trailing text in version 00) gives undefined, and the caller begins a new trace.
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined;
  const match = TRACEPARENT.exec(header);
  if (match === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED, origin: 'remote' };
}

/**
 * Begins a trace. The ids are the hex digits of version-4 UUIDs: unpredictable, never zero, and the rightmost 56 bits
 * of the trace id are random, as level 2 of the recommendation wants for sampling.
 */
export function newTraceContext(sampled = true): TraceContext {
  return {
    traceId: randomUUID().replaceAll('-', ''),
    spanId: randomUUID().replaceAll('-', '').slice(16),
    sampled,
    origin: 'new',
  };
}

/** The caller's trace, or a new one when the header is absent or malformed. */
export function traceContextFrom(header: string | undefined): TraceContext {
  return parseTraceparent(header) ?? newTraceContext();
}

/** The `traceparent` header of an outgoing call or answer. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}
