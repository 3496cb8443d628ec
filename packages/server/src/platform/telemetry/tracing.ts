import type { Config } from '../../config/index.js';
import { noTracing, type Tracing } from './span.js';

export interface TracingOptions {
  /** Told of each batch of spans that the collector did not take. */
  readonly onExportError?: (error: Error) => void;
}

/**
 * Tracing to the configured OpenTelemetry collector over OTLP/HTTP. Without an endpoint it loads nothing and calls
 * straight through: the SDK takes some 200 ms to load, which most starts need not wait for.
 */
export async function createTracing(config: Pick<Config, 'telemetry'>, options: TracingOptions = {}): Promise<Tracing> {
  const { otlpEndpoint, serviceName } = config.telemetry;
  if (otlpEndpoint === undefined) return noTracing();
  const { createOtlpTracing } = await import('./otlp-tracing.js');
  return createOtlpTracing(otlpEndpoint, serviceName, options.onExportError ?? (() => {}));
}
