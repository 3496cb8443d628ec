import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readCpuMs, readMachineBusyMs } from './process-cpu.js';

const observable = existsSync('/proc/self/stat');

it('sees the processor time of a process and of the machine grow, where the system shows them', async () => {
  const own = await readCpuMs(process.pid);
  const machine = await readMachineBusyMs();
  if (!observable || own === null || machine === null) {
    expect([own, machine]).toEqual([null, null]);
    return;
  }
  const before = process.cpuUsage();
  for (let used = 0; used < 100_000; used = process.cpuUsage(before).user);
  expect(await readCpuMs(process.pid)).toBeGreaterThan(own);
  expect(await readMachineBusyMs()).toBeGreaterThan(machine);
});

it('knows nothing of a process that does not exist', async () => {
  expect(await readCpuMs(2 ** 30)).toBeNull();
});
