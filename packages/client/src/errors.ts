import { SERVER_ERROR_CODES, type ServerErrorCode } from './generated/error-codes.js';
import type { Problem } from './generated/schemas.js';

/** What goes wrong on this side, or on the way. */
export type ClientErrorCode =
  /** No answer arrived, or only part of one. */
  | 'connection_failed'
  /** The answer was not there within the deadline. */
  | 'client_timeout'
  /** What arrived is no answer of Nova: a proxy's page, or broken JSON. */
  | 'invalid_response'
  /** More calls wait in this client than it may hold. */
  | 'client_overloaded'
  /** A code that this version of the client does not know; `problem.code` has it. */
  | 'unknown_error';

/** What a program tests. */
export type ErrorCode = ServerErrorCode | ClientErrorCode;

/** A refused part of an input. */
export interface InputProblem {
  /** Dotted path of the field; `''` for the input as a whole. */
  readonly path: string;
  readonly reason: string;
}

export interface NovaErrorDetails {
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | null;
  readonly problem?: Problem;
  readonly cause?: unknown;
}

/** Every failed call ends in one of these, unless its own signal ended it. */
export class NovaError extends Error {
  override readonly name = 'NovaError';
  readonly code: ErrorCode;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** Whether the same call may succeed later without a change. The client has tried that as long as it may. */
  readonly retryable: boolean;
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs: number | null;
  /** The id to name when asking for help. */
  readonly requestId: string | null;
  /** For `invalid_request`: which fields are wrong, and why. */
  readonly problems: readonly InputProblem[];
  /** The whole answer of the server, as RFC 9457 describes it. */
  readonly problem: Problem | null;

  constructor(code: ErrorCode, message: string, details: NovaErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.retryable = details.retryable;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.requestId = details.requestId ?? null;
    this.problem = details.problem ?? null;
    this.problems = details.problem?.problems ?? [];
  }

  /** Path of the first refused field. */
  get path(): string | null {
    return this.problems[0]?.path ?? null;
  }
}

/** Whether a caught value is an error of Nova, with one of these codes when any are named. */
export function isNovaError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: readonly C[]
): error is NovaError & { readonly code: C } {
  return error instanceof NovaError && (codes.length === 0 || codes.some((code) => code === error.code));
}

const KNOWN: ReadonlySet<string> = new Set(SERVER_ERROR_CODES);

/** The error that a problem of the server stands for. */
export function errorOfProblem(problem: Problem, retryAfterMs: number | undefined): NovaError {
  const code = KNOWN.has(problem.code) ? problem.code : 'unknown_error';
  const { status, retryable, requestId } = problem;
  const said = problem.detail ?? problem.title;
  const where = problem.problems?.map(({ path, reason }) => (path === '' ? reason : `${path} ${reason}`)).join('; ');
  const message = `${problem.code}: ${where === undefined || where === '' ? said : `${said} (${where})`}`;
  return new NovaError(code, message, { status, retryable, retryAfterMs, requestId, problem });
}
