import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, Client, type RequestOptions } from './fixtures/client.js';
import { eventually } from './fixtures/eventually.js';
import { type Post, signUp } from './fixtures/members.js';
import { Nova } from './fixtures/nova.js';
import { isListening } from './fixtures/ports.js';
import { childrenOf, signal } from './fixtures/processes.js';

/** Long enough for a slow machine to see it. */
const UNREADY = '4s';

/**
 * At SIGTERM load balancers are told before the port is closed (I14). Seeded bugs that turn this red: a port that is
 * closed at once; a process behind the port that still says that it is ready; one that takes no more connections while
 * the others do.
 */
describe.each([1, 2])('SIGTERM to %i serving process(es)', { timeout: 90_000 }, (processes) => {
  let nova: Nova | undefined;
  afterEach(async () => {
    await nova?.dispose();
  });

  it('is told by /readyz while requests are still answered, and then ends all', async () => {
    const running = await Nova.start({
      args: ['--processes', String(processes)],
      settings: { NOVA_HTTP_DRAIN_UNREADY_MS: UNREADY },
    });
    nova = running;
    const ask = async <Body>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>> => {
      const connection = new Client(running.url, 1);
      try {
        return await connection.request<Body>(method, path, options);
      } finally {
        connection.close();
      }
    };
    /** New connections go to the processes in turn. */
    const readiness = async () => {
      const statuses: number[] = [];
      for (let number = 0; number < 2 * processes; number++) statuses.push((await ask('GET', '/readyz')).status);
      return new Set(statuses);
    };
    const { token } = await signUp(running.client);
    running.client.close();
    expect(await readiness()).toEqual(new Set([200]));

    const known = [running.pid, ...childrenOf(running.pid).map(({ pid }) => pid)];
    signal(running.pid, 'SIGTERM');
    await eventually('every process is unready', async () => {
      const statuses = await readiness();
      return statuses.has(503) && statuses.size === 1;
    });
    for (let number = 0; number < 2 * processes; number++) {
      const { status, headers } = await ask<Post>('POST', '/api/v1/posts', { token, body: { body: 'a last word' } });
      expect([status, headers.connection]).toEqual([201, 'close']);
    }
    await eventually('nothing new is taken', async () => !(await isListening(running.url)));
    await running.expectEnd(known);
  });
});
