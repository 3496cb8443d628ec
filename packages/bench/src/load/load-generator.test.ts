import { afterEach, expect, it } from 'vitest';
import { staticAnswerOf } from '../calibration/static-server.js';
import { type StaticServerHandle, startStaticProcess } from '../calibration/static-server-process.js';
import { type LoadGenerator, startLoadGenerator } from './load-generator.js';

let generator: LoadGenerator | undefined;
let server: StaticServerHandle | undefined;

afterEach(async () => {
  await generator?.close();
  await server?.close();
});

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Some: thing\r\nContent-Length: 9\r\nDate: now';

it('loads the static server from a process of its own, in both modes', async () => {
  const answer = staticAnswerOf(HEAD, Buffer.from('{"a":"b"}'));
  expect(answer.headers).toEqual({ 'content-type': 'application/json', 'x-some': 'thing' });
  server = await startStaticProcess(answer);
  generator = startLoadGenerator();
  const job = {
    url: server.url,
    source: { kind: 'static', bytes: 9 },
    context: null,
    seed: 1,
    connections: 2,
    durationMs: 200,
    warmUpMs: 50,
  } as const;
  const closed = await generator.http({ ...job, rate: null });
  expect(closed).toMatchObject({ failed: 0, failures: [], intendedRate: null });
  expect(closed.latency.count).toBeGreaterThan(0);
  expect(closed.cpuShare).toBeGreaterThan(0);
  const open = await generator.http({ ...job, rate: 100 });
  expect(open).toMatchObject({ failed: 0, intendedRate: 100, latency: { count: 20 } });
});

it('says which job failed and takes the next', async () => {
  generator = startLoadGenerator();
  await expect(
    generator.calibrate({
      kind: 'insert',
      url: 'postgres://127.0.0.1:1/x',
      rows: 1,
      connections: 1,
      durationMs: 1,
      warmUpMs: 0,
    }),
  ).rejects.toThrow('the load generator failed');
  const hashes = { kind: 'password_hash', concurrency: 1, durationMs: 100, warmUpMs: 0 } as const;
  expect((await generator.calibrate(hashes)).rate).toBeGreaterThan(0);
});
