import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { Config } from '../../config/index.js';
import { createPrettyStream } from './pretty-stream.js';
import { redactFields, redactText } from './redaction.js';
import type {} from './vocabulary.js';

/** A structured logger; its fields are those of `LogFields` and whatever else a line needs. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream;
  /** Tells the processes of one server apart; the operating system's id by default. */
  readonly processId?: number | string;
}

/** Lines of a busy server leave together: a system call for each cost as much as the line. */
const TOGETHER_BYTES = 4096;
const FLUSH_MS = 100;

/** Lines wait in memory while standard output is slow; past this many bytes they are dropped (I10). */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * The logger of a process: one JSON object a line (or text for people), with ISO time, level by name, service and
 * process. Whatever looks like a secret is replaced in fields, child bindings, errors and messages.
 *
 * Writes do not block the event loop; pino flushes what waits when the process exits, and after a fatal line.
 */
export function createLogger(config: Pick<Config, 'telemetry'>, options: LoggerOptions = {}): Logger {
  const { logLevel, logFormat, serviceName } = config.telemetry;
  const destination =
    options.destination ??
    pino.destination({
      fd: 1,
      maxLength: MAX_WAITING_BYTES,
      ...(logFormat === 'pretty'
        ? { sync: true }
        : { sync: false, minLength: TOGETHER_BYTES, periodicFlush: FLUSH_MS }),
    });
  const logger = pino(
    {
      level: logLevel,
      base: { service: serviceName, processId: options.processId ?? process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      // `redactFields` has made errors plain already; the standard serializer would add its own type to them.
      serializers: { err: (value: unknown) => value, msg: redactText },
    },
    logFormat === 'pretty' ? createPrettyStream(destination) : destination,
  );
  return withRedactedBindings(logger);
}

/**
 * A logger that writes nothing, for tools and tests that have no use for lines.
 */
export function createSilentLogger(): Logger {
  return pino({ level: 'silent', base: null }, { write: () => {} });
}

/** pino formats the fields of lines but not those bound to a child logger. Children inherit the method. */
function withRedactedBindings(logger: Logger): Logger {
  const { child } = logger;
  const redacting = function (this: Logger, bindings: Record<string, unknown>, options?: object) {
    return child.call(this, redactFields(bindings), options);
  };
  logger.child = redacting as typeof child;
  return logger;
}
