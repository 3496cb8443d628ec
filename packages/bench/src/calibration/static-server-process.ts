import { HelperProcess } from '../load/child-process.js';
import type { StaticAnswer } from './static-server.js';

export interface StaticServerHandle {
  readonly url: string;
  /** Size of the answer's body. */
  readonly bytes: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts the static server in a process of its own, as the product has one. */
export async function startStaticProcess(answer: StaticAnswer): Promise<StaticServerHandle> {
  const helper = new HelperProcess('calibration/static-process.js');
  const reply = (await helper.ask(answer)) as { url: string } | { error: string };
  if ('error' in reply) {
    await helper.close();
    throw new Error(`the static server does not start: ${reply.error}`);
  }
  const bytes = Buffer.from(answer.bodyBase64, 'base64').length;
  return { url: reply.url, bytes, pid: helper.pid, close: () => helper.close() };
}
