/**
 * The one vocabulary of log fields (O3). A fact that has a name here is logged under that name and with that type,
 * everywhere; the compiler holds every logging call to it. Other fields are free, in camelCase with the unit last.
 */
export interface LogFields {
  readonly tenantId?: string | null | undefined;
  readonly userId?: string | null | undefined;
  /** The trace id: one id in logs, traces, errors and events (O2). */
  readonly correlationId?: string | null | undefined;
  /** Time taken, in ms. */
  readonly durationMs?: number | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  readonly method?: string | undefined;
  /** The template of the route (`/api/v1/posts/:postId`), never the address as called. */
  readonly route?: string | undefined;
  /** Name of the SQL query. */
  readonly query?: string | undefined;
  /** Name of the operation. */
  readonly operation?: string | undefined;
  readonly processId?: number | string | undefined;
  /** What was thrown. */
  readonly err?: unknown;
}

/** Names that mean a field of the vocabulary; the compiler refuses them. */
type Synonyms =
  | 'tenant_id'
  | 'tenant'
  | 'user_id'
  | 'user'
  | 'viewerId'
  | 'requestId'
  | 'traceId'
  | 'duration'
  | 'duration_ms'
  | 'latencyMs'
  | 'elapsedMs'
  | 'statusCode'
  | 'queryName'
  | 'error';

type NoSynonyms = { readonly [Name in Synonyms]?: never };

declare module 'pino' {
  interface LogFnFields extends LogFields, NoSynonyms {}
}
