import { createServer, connect as dial, type Server, type Socket } from 'node:net';

export type Fault = 'none' | 'freeze' | 'refuse';

/** A TCP proxy that can stop forwarding, or reset what is open and refuse what comes. */
export interface FaultProxy {
  readonly port: number;
  /** `freeze` accepts and keeps connections but forwards nothing, as a stopped server does. */
  set(fault: Fault): void;
  /** Connections accepted so far. */
  readonly accepted: number;
  close(): Promise<void>;
}

export async function startFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  let fault: Fault = 'none';
  let accepted = 0;
  const pairs = new Set<readonly [Socket, Socket]>();
  const server: Server = createServer((inbound) => {
    accepted += 1;
    if (fault === 'refuse') {
      inbound.resetAndDestroy();
      return;
    }
    const outbound = dial(target);
    const pair = [inbound, outbound] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [outbound, inbound] as const]) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
    if (fault === 'freeze') for (const socket of pair) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    get accepted() {
      return accepted;
    },
    set(next) {
      fault = next;
      for (const pair of pairs) {
        for (const socket of pair) {
          if (next === 'refuse') socket.resetAndDestroy();
          else if (next === 'freeze') {
            socket.unpipe();
            socket.pause();
          } else {
            socket.pipe(socket === pair[0] ? pair[1] : pair[0]);
            socket.resume();
          }
        }
      }
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
