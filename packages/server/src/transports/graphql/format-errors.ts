import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { NovaError, platformErrors } from '../../platform/errors/index.js';
import type { Logger } from '../../platform/telemetry/index.js';

export interface FormattedErrors {
  readonly errors: readonly GraphQLFormattedError[];
  /** What HTTP says when there is no data at all. */
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

/** Errors of the request itself (text, variables) are 400; errors of operations keep their own status and code. */
export function formatErrors(errors: readonly GraphQLError[], requestId: string, log: Logger): FormattedErrors {
  let status = 0;
  let retryAfterMs: number | undefined;
  const formatted = errors.map((error): GraphQLFormattedError => {
    const { message, path, originalError } = unwrap(error);
    const nova = asNovaError(originalError, log);
    status = Math.max(status, nova?.kind.status ?? 400);
    retryAfterMs ??= nova?.retryAfterMs;
    const extensions = nova
      ? {
          code: nova.code,
          retryable: nova.kind.retryable,
          ...(nova.problems.length > 0 ? { problems: nova.problems } : {}),
        }
      : { code: codeOf(error) ?? 'invalid_request', retryable: false };
    return {
      message: nova ? nova.message : message,
      ...(path ? { path } : {}),
      extensions: { ...extensions, requestId },
    };
  });
  return { errors: formatted, status, retryAfterMs };
}

function unwrap(error: GraphQLError) {
  const { message, path } = error;
  return { message, path, originalError: error.originalError };
}

/** The errors that graphql-jit makes itself have no extensions, whatever their type says. */
function codeOf({ extensions }: { readonly extensions?: Readonly<Record<string, unknown>> }): unknown {
  return extensions?.['code'];
}

/** `undefined` for GraphQL's own errors, which speak of the request and are meant for the caller. */
function asNovaError(original: unknown, log: Logger): NovaError | undefined {
  if (original === undefined || original === null || original instanceof GraphQLError) return undefined;
  if (original instanceof NovaError) return original;
  log.error({ err: original }, 'a GraphQL field failed');
  return platformErrors.internal();
}
