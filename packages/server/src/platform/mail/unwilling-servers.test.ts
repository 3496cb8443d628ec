import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMailWorld, type MailWorld } from '../../testing/mail-fixture.js';
import { newTenant } from '../../testing/outbox-fixture.js';
import { startSmtpSink, until } from '../../testing/smtp-sink.js';

/*
 * I9 for mail: a server that is down, slow, unwilling or no mail server at all holds up mails and nothing else, within its
 * deadline, and the mails leave when it is back.
 */

let world: MailWorld;

beforeAll(async () => {
  world = await createMailWorld();
});
afterEach(() => world.tidy());
afterAll(() => world?.close());

describe('a server', () => {
  it('that is down gets every mail when it is back, and none counts as tried', async () => {
    const first = await startSmtpSink();
    const port = Number(new URL(first.url).port);
    await first.close();
    const process = world.open(first.url);
    process.mail.start();
    const tenant = newTenant();
    for (const recipient of ['a@example.org', 'b@example.org']) await world.queue(process, recipient, {}, tenant);
    await until(async () => ((await process.outcomes())['unreachable'] ?? 0) >= 2);
    expect((await world.waiting()).map(({ attempts }) => attempts)).toEqual([0, 0]);
    const sink = await world.openSink(port);
    await world.superuser.query('update nova.mails set due_at = now()');
    await sink.received(2);
    await world.gone();
    expect(sink.mails).toHaveLength(2);
  });

  it('that stays down is asked less and less: the breaker opens, and closes by itself', async () => {
    const first = await startSmtpSink();
    const port = Number(new URL(first.url).port);
    await first.close();
    const process = world.open(first.url, { breakerOpenMs: 300 });
    for (let index = 0; index < 12; index += 1) await world.queue(process, `to${index}@example.org`);
    process.mail.start();
    await until(() => process.lines.some(({ fields }) => fields['to'] === 'open'));
    const sink = await world.openSink(port);
    await until(async () => {
      await world.superuser.query('update nova.mails set due_at = now()');
      return (await world.waiting()).length === 0;
    });
    expect(sink.mails.flatMap(({ to }) => to)).toHaveLength(12);
    expect(await process.metrics.text()).toContain('nova_breaker_state{breaker="smtp"} 0');
  });

  /** Seeded bug: a deadline of silence only. A server that drips a byte now and then holds a connection for ever. */
  it.each<[string, (socket: import('node:net').Socket) => void]>([
    ['says nothing', () => {}],
    [
      'goes on with its answer for ever',
      (socket) => {
        socket.write('220 welcome\r\n');
        const timer = setInterval(() => socket.write('250-and more\r\n'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    ['talks HTTP', (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['talks rubbish', (socket) => void socket.write(Buffer.from([0, 255, 13, 10, 7, 200, 10]))],
    ['hangs up', (socket) => void socket.destroy()],
    ['greets with 421', (socket) => void socket.end('421 too busy\r\n')],
    ['greets with 554', (socket) => void socket.end('554 no mail here\r\n')],
  ])('that %s is unreachable within the deadline, and the mail waits', async (_what, talk) => {
    const impostor = await world.openImpostor(talk);
    const process = world.open(impostor.url, { timeoutMs: 300 });
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await until(async () => ((await process.outcomes())['unreachable'] ?? 0) >= 1);
    expect(await world.waiting()).toMatchObject([{ attempts: 0 }]);
  });

  /** Seeded bug: nodemailer's own requeuing, which dials again and again within one try. */
  it('that hangs up before it greets is called once for each try', async () => {
    let calls = 0;
    const impostor = await world.openImpostor((socket) => {
      calls += 1;
      socket.end();
    });
    const process = world.open(impostor.url, { timeoutMs: 1_000 });
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await until(async () => ((await process.outcomes())['unreachable'] ?? 0) >= 1);
    expect(calls).toBe(1);
  });

  it('that is slow to answer one mail does not keep the others waiting', async () => {
    const sink = await world.openSink();
    sink.beforeAnswer = ({ to }) => (to[0] === 'slow@example.org' ? new Promise(() => {}) : Promise.resolve());
    const process = world.open(sink.url, { timeoutMs: 400 });
    for (const name of ['slow', 'a', 'b', 'c']) await world.queue(process, `${name}@example.org`);
    process.mail.start();
    await until(() => ['a', 'b', 'c'].every((name) => sink.mails.some(({ to }) => to[0] === `${name}@example.org`)));
    await until(async () => (await process.outcomes())['sent'] === 3);
    // It may have been taken: nobody can know, so it comes again, with the same id.
    await world.superuser.query('update nova.mails set due_at = now()');
    await until(() => sink.mails.filter(({ to }) => to[0] === 'slow@example.org').length > 1);
    const ids = sink.mails.filter(({ to }) => to[0] === 'slow@example.org').map(({ headers }) => headers['message-id']);
    expect(new Set(ids).size).toBe(1);
  });

  /** Seeded bug: a connection that breaks off counts for nothing. */
  it('that takes a mail and hangs up without a word gets no more copies than there are tries', async () => {
    const sink = await world.openSink();
    sink.beforeAnswer = async () => sink.hangUp();
    const process = world.open(sink.url);
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await world.gone();
    expect(sink.mails).toHaveLength(3);
    expect(new Set(sink.mails.map(({ headers }) => headers['message-id'])).size).toBe(1);
    expect(await process.outcomes()).toEqual({ uncertain: 2, given_up: 1 });
  });

  it.each(['RCPT', 'DATA'] as const)('that says 4xx to %s is asked again, and in the end no more', async (at) => {
    const sink = await world.openSink();
    sink.refuse = (command) => (command === at ? { code: 450, text: 'later' } : undefined);
    const process = world.open(sink.url);
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await world.gone();
    expect(sink.asked).toHaveLength(3);
    expect(await process.outcomes()).toEqual({ deferred: 2, given_up: 1 });
    sink.refuse = () => undefined;
    await world.queue(process, 'ada@example.org');
    await sink.received(1);
  });

  it.each(['RCPT', 'DATA'] as const)('that says 5xx to %s is not asked again', async (at) => {
    const sink = await world.openSink();
    sink.refuse = (command) =>
      command === at ? { code: 550, text: 'nobody of the name ada@example.org here' } : undefined;
    const process = world.open(sink.url);
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await world.gone();
    expect(sink.asked).toHaveLength(1);
    expect(await process.outcomes()).toEqual({ rejected: 1 });
    const [line] = process.lines.filter(({ text }) => text === 'mail dropped');
    expect(line?.fields).toMatchObject({
      template: 'hello',
      outcome: 'rejected',
      reason: expect.stringMatching(/550/),
    });
    expect(JSON.stringify(process.lines)).not.toContain('ada@example.org');
    // The refusal of one is no fault of the server: the next one goes through at once.
    sink.refuse = () => undefined;
    await world.queue(process, 'ben@example.org');
    await sink.received(1);
  });
});
