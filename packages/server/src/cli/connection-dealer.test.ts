import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectionDealer, type ConnectionTaker } from './connection-dealer.js';

let dealer: ConnectionDealer;
let port: number;
const clients: Socket[] = [];

beforeEach(async () => {
  dealer = new ConnectionDealer((error) => {
    throw error;
  });
  port = await dealer.listen(0, '127.0.0.1');
});

afterEach(async () => {
  for (const taker of takers.splice(0)) dealer.remove(taker);
  await dealer.close();
  for (const client of clients.splice(0)) client.destroy();
});

/** Stands for a process: notes what it is handed, and says nothing until it is told to. */
class Taker implements ConnectionTaker {
  /** Remote ports, in order. */
  readonly handed: (number | undefined)[] = [];
  readonly #fails: boolean;
  #heard = () => {};

  constructor(fails = false) {
    this.#fails = fails;
    takers.push(this);
    dealer.add(this);
  }

  hand(socket: Socket, sent: (error: Error | null) => void): void {
    sent(this.#fails ? new Error('the channel is closed') : null);
    this.handed.push(socket.remotePort);
    this.#heard();
  }

  /** Resolves when it has been handed this many connections. */
  async has(count: number): Promise<void> {
    while (this.handed.length < count) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}
const takers: Taker[] = [];

async function open(): Promise<Socket> {
  const client = connect(port, '127.0.0.1');
  clients.push(client);
  client.on('error', () => {});
  await once(client, 'connect');
  return client;
}

test('deals in turn, the next to a process that has taken its last', async () => {
  const [quick, stuck] = [new Taker(), new Taker()];
  const first = await open();
  await quick.has(1);
  expect(quick.handed).toEqual([first.localPort]);
  await open();
  await stuck.has(1);
  for (let count = 2; count <= 5; count++) {
    dealer.taken(quick);
    await open();
    await quick.has(count);
  }
  expect(stuck.handed).toHaveLength(1);
});

test('what a process refuses goes to another, and no more to it', async () => {
  const leaving = new Taker();
  const client = await open();
  await leaving.has(1);
  const staying = new Taker();
  dealer.remove(leaving);
  expect(staying.handed).toEqual([client.localPort]);
  dealer.taken(staying);
  await open();
  await staying.has(2);
  expect(leaving.handed).toHaveLength(1);
});

test('what cannot be sent to a process goes to another', async () => {
  const gone = new Taker(true);
  const client = await open();
  await gone.has(1);
  const other = new Taker();
  expect(other.handed).toEqual([client.localPort]);
});

test('a connection that nobody takes is closed after a while', async () => {
  const client = await open();
  await once(client, 'close');
  expect(client.bytesRead).toBe(0);
});

test('at the end those that wait are dealt first, and none is accepted any more', async () => {
  const taker = new Taker();
  const waiting = [await open(), await open(), await open()];
  await taker.has(1);
  let ended = false;
  const end = dealer.close().then(() => {
    ended = true;
  });
  const late = connect(port, '127.0.0.1');
  const [error] = await once(late, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  expect(ended).toBe(false);
  dealer.taken(taker);
  dealer.taken(taker);
  await end;
  expect(taker.handed).toEqual(waiting.map(({ localPort }) => localPort));
});

test('at the end no client is left hanging when the processes refuse', async () => {
  const takers = [new Taker(), new Taker()];
  const hung = [await open(), await open(), await open()];
  await Promise.all(takers.map((taker) => taker.has(1)));
  const closed = hung.map((client) => once(client, 'close'));
  const end = dealer.close();
  for (const taker of takers) dealer.remove(taker);
  await end;
  await Promise.all(closed);
});
