import { expect, it } from 'vitest';
import { createEventLoopMonitor } from './event-loop.js';

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

it('sees a blocked event loop, forgets it at reset, and stops at close', async () => {
  const monitor = createEventLoopMonitor(1);
  try {
    expect(monitor.read()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
    const deadline = Date.now() + 10_000;
    while (monitor.read().maxMs < 40 && Date.now() < deadline) {
      await turn();
      const until = performance.now() + 60;
      while (performance.now() < until);
    }
    expect(monitor.read().maxMs).toBeGreaterThanOrEqual(40);
    monitor.reset();
    expect(monitor.read()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
  } finally {
    monitor.close();
  }
  for (let i = 0; i < 20; i++) await turn();
  expect(monitor.read().maxMs).toBe(0);
});
