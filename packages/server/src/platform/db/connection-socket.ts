import type { Socket } from 'node:net';
import type { Client, ClientBase } from 'pg';

/** For a farewell that a server on its feet takes notice of. */
const FAREWELL_MS = 1_000;

/** Closes a connection without a farewell; `pg` offers no public way, and `end` waits for answers that may never come. */
export function cutConnection(client: ClientBase): void {
  socketOf(client).destroy();
}

/** Says farewell, and cuts the connection when the server takes no notice: a frozen one must not hold our end (I14). */
export async function endConnection(client: Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      cutConnection(client);
      resolve();
    }, FAREWELL_MS);
  });
  await Promise.race([client.end().catch(() => {}), late]);
  clearTimeout(timer);
}

/**
 * What is sent on the connection until the event loop has looked at its other sockets leaves in one system call. A
 * read is three messages and a request some reads: sent one by one, the calls were half of the processor time of a
 * page of posts.
 */
export function sendTogether(client: ClientBase): void {
  const socket = socketOf(client);
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

/** Whether what is sent now leaves together with something that was sent before. */
export function isSending(client: ClientBase): boolean {
  return socketOf(client).writableCorked > 0;
}

/** The socket under a client, which `pg` keeps to itself. */
function socketOf(client: ClientBase): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}
