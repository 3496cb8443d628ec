import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Delay of the event loop beyond what was asked, in ms, since the last reset. All 0 when nothing was sampled. */
export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Watches the event loop from its creation until `close`. */
export interface EventLoopMonitor {
  read(): EventLoopDelay;
  /** Begins a new window. */
  reset(): void;
  close(): void;
}

const NANOSECONDS_PER_MS = 1e6;

/**
 * Samples the delay with a native timer, which does not keep the process alive.
 *
 * @param resolutionMs time between samples; the histogram counts it in, so it is subtracted again
 */
export function createEventLoopMonitor(resolutionMs = 10): EventLoopMonitor {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS_PER_MS - resolutionMs);
  return {
    read: () =>
      histogram.count === 0
        ? { p50Ms: 0, p99Ms: 0, maxMs: 0 }
        : {
            p50Ms: delay(histogram.percentile(50)),
            p99Ms: delay(histogram.percentile(99)),
            maxMs: delay(histogram.max),
          },
    reset: () => histogram.reset(),
    close: () => {
      histogram.disable();
    },
  };
}
