/**
 * Typed errors. A domain declares its errors once, in `errors.ts`, with `defineErrors`; it throws what
 * the returned factories make; only a transport turns one into an answer.
 */

/** What every error of one code has in common. */
export interface ErrorKind {
  /** HTTP status; other transports map from it. */
  readonly status: number;
  /** One short sentence, the same for every occurrence (RFC 9457 `title`). */
  readonly title: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
}

/** One refused part of an input: where, and why. */
export interface Problem {
  /** Dotted path of the field, `''` for the input as a whole. */
  readonly path: string;
  readonly reason: string;
}

export interface ErrorDetails {
  /** What happened this time; shown to the caller, so never SQL, a stack or a secret. */
  readonly detail?: string;
  readonly problems?: readonly Problem[];
  /** When the same call may be worth another try; errors of status 503 say a second when nothing better is known. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const UNAVAILABLE = 503;
const RETRY_UNAVAILABLE_MS = 1_000;

export class NovaError extends Error {
  override readonly name = 'NovaError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly problems: readonly Problem[];
  readonly retryAfterMs: number | undefined;
  readonly detail: string | undefined;

  constructor(code: string, kind: ErrorKind, details: ErrorDetails = {}) {
    super(details.detail ?? kind.title, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.kind = kind;
    this.detail = details.detail;
    this.problems = details.problems ?? [];
    this.retryAfterMs = details.retryAfterMs ?? (kind.status === UNAVAILABLE ? RETRY_UNAVAILABLE_MS : undefined);
  }
}

export type ErrorFactory = (details?: ErrorDetails) => NovaError;
export type ErrorCatalogue = Readonly<Record<string, ErrorKind>>;

/** Error factories by code, with the table they were made from under `catalogue`. */
export type DefinedErrors<T extends ErrorCatalogue> = { readonly [K in keyof T]: ErrorFactory } & {
  readonly catalogue: T;
};

/** Declares errors: `defineErrors({ not_found: { status: 404, ... } }).not_found({ detail })`. */
export function defineErrors<const T extends ErrorCatalogue>(catalogue: T): DefinedErrors<T> {
  const factories: Record<string, unknown> = { catalogue };
  for (const [code, kind] of Object.entries(catalogue)) {
    factories[code] = (details?: ErrorDetails) => new NovaError(code, kind, details);
  }
  return factories as DefinedErrors<T>;
}

/** Joins catalogues into the one table of the product; a code declared twice is a programming error. */
export function mergeCatalogues(catalogues: readonly ErrorCatalogue[]): ErrorCatalogue {
  const merged: Record<string, ErrorKind> = {};
  for (const catalogue of catalogues) {
    for (const [code, kind] of Object.entries(catalogue)) {
      if (code in merged) throw new Error(`error code ${code} is declared twice`);
      merged[code] = kind;
    }
  }
  return merged;
}
