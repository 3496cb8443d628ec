/** A process of its own that makes load: it gets jobs by message, one at a time, and answers each. */
import { measureInsertRate } from '../calibration/insert-rate.js';
import { measurePasswordHashRate } from '../calibration/password-hash-rate.js';
import type { RateResult } from '../calibration/rate-result.js';
import { measureSelectRate } from '../calibration/select-rate.js';
import { createRandom } from '../measure/random.js';
import { scenarioNamed } from '../scenarios/index.js';
import { runClosedLoop } from './closed-loop.js';
import { targetOf } from './http-connection.js';
import type { CalibrationJob, HttpJob, LoadJob, LoadReply } from './load-job.js';
import { expect, expectStatus, type LoadSource } from './load-source.js';
import { runOpenLoop } from './open-loop.js';
import { getRequest } from './request.js';
import type { LoadResult } from './tally.js';

process.on('message', (job: LoadJob) => {
  measured(job).then(
    (reply) => process.send?.(reply),
    (error: Error) => process.send?.({ error: error.stack ?? error.message } satisfies LoadReply),
  );
});
// The parent's end, however it comes, is this process' end.
process.once('disconnect', () => process.exit());

async function measured(job: LoadJob): Promise<LoadReply> {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const outcome = job.kind === 'http' ? { load: await runHttp(job) } : { calibration: await calibrate(job) };
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1_000;
  return { ...outcome, cpuMs, cpuShare: cpuMs / (performance.now() - startedAt) };
}

async function runHttp(job: HttpJob): Promise<LoadResult> {
  const { connections, durationMs, warmUpMs, rate } = job;
  const options = { target: targetOf(job.url), source: sourceOf(job), connections, durationMs, warmUpMs };
  const measured = rate === null ? runClosedLoop(options) : runOpenLoop({ ...options, rate });
  const [load, beside] = await Promise.all([measured, runNeighbour(job)]);
  if (beside === null) return load;
  return { ...load, failed: load.failed + beside.failed, failures: [...load.failures, ...beside.failures] };
}

/** As long as what is measured; null when nothing goes on beside it. */
async function runNeighbour(job: HttpJob): Promise<LoadResult | null> {
  const { source, context, seed, url, durationMs, warmUpMs } = job;
  if (source.kind !== 'scenario' || source.side !== 'measured') return null;
  const { neighbour } = scenarioNamed(source.scenario);
  if (neighbour === undefined) return null;
  const { rate, connections } = neighbour;
  const load = neighbour.load(context, createRandom(seed + 1));
  return await runOpenLoop({ target: targetOf(url), source: load, connections, rate, durationMs, warmUpMs });
}

function sourceOf({ source, context, seed }: HttpJob): LoadSource {
  switch (source.kind) {
    case 'scenario': {
      const scenario = scenarioNamed(source.scenario);
      const random = createRandom(seed);
      if (source.side === 'measured') return scenario.load(context, random);
      const { comparison } = scenario;
      if (comparison.kind !== 'latency') throw new Error(`${scenario.name} is compared with no other request`);
      return comparison.load(context, random);
    }
    case 'static': {
      const request = getRequest('/static', null);
      return {
        next: () => request,
        check(_request, response) {
          expectStatus(response, 200);
          expect(response.body.length === source.bytes, 'the static answer has another size');
        },
      };
    }
  }
}

function calibrate(job: CalibrationJob): Promise<RateResult> {
  switch (job.kind) {
    case 'select':
      return measureSelectRate(job);
    case 'insert':
      return measureInsertRate(job);
    case 'password_hash':
      return measurePasswordHashRate(job);
  }
}
