import type { RateResult } from '../calibration/rate-result.js';
import { HelperProcess } from './child-process.js';
import type { CalibrationJob, GeneratorCost, HttpJob, LoadJob, LoadReply } from './load-job.js';
import type { LoadResult } from './tally.js';

export type MeasuredLoad = LoadResult & GeneratorCost;
export type MeasuredRate = RateResult & GeneratorCost;

/** Makes load from a process of its own, one job at a time. */
export interface LoadGenerator {
  http(job: Omit<HttpJob, 'kind'>): Promise<MeasuredLoad>;
  calibrate(job: CalibrationJob): Promise<MeasuredRate>;
  readonly pid: number;
  close(): Promise<void>;
}

export function startLoadGenerator(): LoadGenerator {
  const helper = new HelperProcess('load/load-process.js');
  const ask = async (job: LoadJob) => {
    const reply = (await helper.ask(job)) as LoadReply;
    if ('error' in reply) throw new Error(`the load generator failed: ${reply.error}`);
    return reply;
  };
  return {
    async http(job) {
      const reply = await ask({ kind: 'http', ...job });
      if (!('load' in reply)) throw new Error('the load generator answered something else');
      return { ...reply.load, cpuShare: reply.cpuShare, cpuMs: reply.cpuMs };
    },
    async calibrate(job) {
      const reply = await ask(job);
      if (!('calibration' in reply)) throw new Error('the load generator answered something else');
      return { ...reply.calibration, cpuShare: reply.cpuShare, cpuMs: reply.cpuMs };
    },
    pid: helper.pid,
    close: () => helper.close(),
  };
}
