import { Counter, Gauge, type Registry } from 'prom-client';
import type { EventLoopMonitor } from './event-loop.js';

/** What tells one process of a server from another. */
export interface ProcessIdentity {
  readonly processId: number | string;
  readonly version: string;
}

const MICROSECONDS_PER_SECOND = 1e6;
const MS_PER_SECOND = 1000;

/**
 * Facts about the process, read at each scrape. prom-client's own default metrics are not used: they start a
 * garbage-collection observer and an event-loop histogram that nothing can stop.
 */
export function registerProcessMetrics(
  registry: Registry,
  identity: ProcessIdentity,
  eventLoop: EventLoopMonitor,
): void {
  const registers = [registry];
  const info = new Gauge({
    name: 'nova_process_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['process', 'version', 'node'],
    registers,
  });
  info.set({ process: String(identity.processId), version: identity.version, node: process.version }, 1);

  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process started, in seconds since the epoch.',
    registers,
  }).set(Math.round(Date.now() / MS_PER_SECOND - process.uptime()));

  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time used, user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / MICROSECONDS_PER_SECOND);
    },
  });

  new Gauge({
    name: 'nova_process_memory_bytes',
    help: 'Memory of the process by kind.',
    labelNames: ['kind'],
    registers,
    collect() {
      const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
      this.set({ kind: 'resident' }, rss);
      this.set({ kind: 'heap_total' }, heapTotal);
      this.set({ kind: 'heap_used' }, heapUsed);
      this.set({ kind: 'external' }, external);
    },
  });

  new Gauge({
    name: 'nova_event_loop_delay_seconds',
    help: 'Delay of the event loop since the previous scrape (R15).',
    labelNames: ['quantile'],
    registers,
    collect() {
      const { p50Ms, p99Ms, maxMs } = eventLoop.read();
      this.set({ quantile: '0.5' }, p50Ms / MS_PER_SECOND);
      this.set({ quantile: '0.99' }, p99Ms / MS_PER_SECOND);
      this.set({ quantile: '1' }, maxMs / MS_PER_SECOND);
      eventLoop.reset();
    },
  });
}
