import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase } from '../../testing/open-database.js';
import { newTenant } from '../../testing/outbox-fixture.js';
import { type SmtpSink, startImpostor, startSmtpSink, until } from '../../testing/smtp-sink.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Database } from '../db/index.js';
import { createMetrics, type Metrics } from '../telemetry/index.js';
import { createMail, type Mail, type MailDeps } from './mail.js';

/*
 * The queue against a real SMTP server that is well, down, slow, unwilling or no mail server at all. Each test has a
 * tenant of its own; what came of a mail is read from the server, the rows and the metrics.
 */

let testDatabase: TestDatabase;
let database: Database;
let superuser: Awaited<ReturnType<typeof connectTo>>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = makeDatabase(testDatabase);
  superuser = await connectTo(testDatabase.superuserUrl);
  await database.open();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await superuser.query('delete from nova.mails');
});
afterAll(async () => {
  await superuser?.end();
  await database?.close();
  await testDatabase?.drop();
});

interface Line {
  readonly fields: Record<string, unknown>;
  readonly text: string;
}

interface Process {
  readonly mail: Mail;
  readonly metrics: Metrics;
  readonly lines: Line[];
  outcomes(): Promise<Record<string, number>>;
}

/** A process that sends; not started, so that a test can queue first. */
function open(
  url: string | undefined,
  over: Partial<MailDeps> & { timeoutMs?: number; production?: boolean } = {},
): Process {
  const metrics = createMetrics();
  const lines: Line[] = [];
  const record = (fields: unknown, text?: string) => {
    lines.push(
      typeof fields === 'string' ? { fields: {}, text: fields } : { fields: fields as never, text: text ?? '' },
    );
  };
  const mail = createMail({
    system: database.system,
    templates: {
      hello: (tenantId, params) => ({
        subject: String(params['subject'] ?? 'Hello'),
        paragraphs: [`Hello <${tenantId}>`, 'Bye'],
        action: { label: 'Go & see', url: 'https://app.example/a?b=1&c=2#token=secret' },
      }),
    },
    log: { info: record, warn: record, error: record } as never,
    metrics,
    settings: {
      environment: over.production === true ? 'production' : 'development',
      url,
      from: 'The App <app@app.example>',
      connections: 2,
      timeoutMs: over.timeoutMs ?? 5_000,
    },
    pollMs: 20,
    retryDelaysMs: [20, 20],
    breakerOpenMs: 50,
    ...over,
  });
  closing.push(async () => {
    await mail.stop();
    metrics.close();
  });
  return {
    mail,
    metrics,
    lines,
    async outcomes() {
      const text = await metrics.text();
      const found = text.matchAll(/^nova_mail_outcomes_total\{outcome="(\w+)"\} (\d+)/gm);
      return Object.fromEntries([...found].map(([, outcome, count]) => [outcome, Number(count)]));
    },
  };
}

async function openSink(port?: number): Promise<SmtpSink> {
  const sink = await startSmtpSink(port);
  closing.push(sink.close);
  return sink;
}

const queue = ({ mail }: Process, recipient: string, params: Record<string, unknown> = {}, tenant = newTenant()) =>
  database.transaction(tenant, (tx) => mail.queue(tx, { template: 'hello', recipient, params, ttlMs: 60_000 }));

const waiting = async () => (await superuser.query('select * from nova.mails')).rows;

const gone = () => until(async () => (await waiting()).length === 0);

describe('a mail', () => {
  it('arrives once, plain and as HTML, with its link, and leaves no row', async () => {
    const sink = await openSink();
    const process = open(sink.url);
    process.mail.start();
    const tenant = newTenant();
    await queue(process, 'ada@example.org', {}, tenant);
    const [mail] = await sink.received(1);
    await gone();
    expect(mail).toMatchObject({ to: ['ada@example.org'], from: 'app@app.example' });
    expect(mail?.headers).toMatchObject({
      subject: 'Hello',
      to: 'ada@example.org',
      from: 'The App <app@app.example>',
      'auto-submitted': 'auto-generated',
      'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@app\.example>$/),
    });
    expect(mail?.text.trim()).toBe(
      [`Hello <${tenant}>`, 'https://app.example/a?b=1&c=2#token=secret', 'Bye'].join('\r\n\r\n'),
    );
    const html = mail?.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    expect(html).toContain(`<p>Hello &lt;${tenant}&gt;</p>`);
    expect(html).toContain('<a href="https://app.example/a?b=1&amp;c=2#token=secret">Go &amp; see</a>');
    expect(await process.outcomes()).toEqual({ sent: 1 });
    expect(sink.mails).toHaveLength(1);
  });

  it('is not sent when its transaction is rolled back', async () => {
    const sink = await openSink();
    const process = open(sink.url);
    process.mail.start();
    const failing = database.transaction(newTenant(), async (tx) => {
      await process.mail.queue(tx, { template: 'hello', recipient: 'no@example.org', params: {}, ttlMs: 60_000 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await queue(process, 'yes@example.org');
    await sink.received(1);
    await gone();
    expect(sink.mails.map(({ to }) => to)).toEqual([['yes@example.org']]);
  });

  /** Seeded bug: a subject that goes into its header as it is. */
  it('cannot be given another header, recipient or body by what it is about', async () => {
    const sink = await openSink();
    const process = open(sink.url);
    process.mail.start();
    await queue(process, 'ada@example.org', { subject: 'Hi\r\nBcc: eve@example.org\r\n\r\nSpam\u2028X: y\u0085' });
    for (const recipient of [
      'a@example.org,eve@example.org',
      'eve,a@example.org',
      'a@example.org\r\nBcc: eve@example.org',
      '<eve@example.org>a@example.org',
      '"a b"@example.org',
      'eve:a@example.org',
    ]) {
      await queue(process, recipient);
    }
    await sink.received(1);
    await gone();
    expect(sink.mails).toHaveLength(1);
    expect(sink.mails[0]?.to).toEqual(['ada@example.org']);
    expect(Object.keys(sink.mails[0]?.headers ?? {})).not.toContain('bcc');
    expect(sink.mails[0]?.headers['subject']).toBe('Hi Bcc: eve@example.org Spam X: y');
    expect(await process.outcomes()).toEqual({ sent: 1, rejected: 6 });
  });

  it('of many goes out over no more connections than there may be, each once, whoever sends', async () => {
    const sink = await openSink();
    let most = 0;
    sink.beforeAnswer = async () => {
      most = Math.max(most, sink.open);
    };
    const processes = [open(sink.url), open(sink.url)] as const;
    const recipients = Array.from({ length: 60 }, (_, index) => `to${index}@example.org`);
    const tenant = newTenant();
    await database.transaction(tenant, async (tx) => {
      for (const recipient of recipients) {
        await processes[0].mail.queue(tx, { template: 'hello', recipient, params: {}, ttlMs: 60_000 });
      }
    });
    for (const { mail } of processes) mail.start();
    await sink.received(60);
    await gone();
    expect(sink.mails.flatMap(({ to }) => to).sort()).toEqual([...recipients].sort());
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('a server', () => {
  it('that is down gets every mail when it is back, and none counts as tried', async () => {
    const first = await startSmtpSink();
    const port = Number(new URL(first.url).port);
    await first.close();
    const process = open(first.url);
    process.mail.start();
    const tenant = newTenant();
    for (const recipient of ['a@example.org', 'b@example.org']) await queue(process, recipient, {}, tenant);
    await until(async () => ((await process.outcomes())['unreachable'] ?? 0) >= 2);
    expect((await waiting()).map(({ attempts }) => attempts)).toEqual([0, 0]);
    const sink = await openSink(port);
    await superuser.query('update nova.mails set due_at = now()');
    await sink.received(2);
    await gone();
    expect(sink.mails).toHaveLength(2);
  });

  it('that stays down is asked less and less: the breaker opens, and closes by itself', async () => {
    const first = await startSmtpSink();
    const port = Number(new URL(first.url).port);
    await first.close();
    const process = open(first.url, { breakerOpenMs: 300 });
    for (let index = 0; index < 12; index += 1) await queue(process, `to${index}@example.org`);
    process.mail.start();
    await until(() => process.lines.some(({ fields }) => fields['to'] === 'open'));
    const sink = await openSink(port);
    await until(async () => {
      await superuser.query('update nova.mails set due_at = now()');
      return (await waiting()).length === 0;
    });
    expect(sink.mails.flatMap(({ to }) => to)).toHaveLength(12);
    expect(await process.metrics.text()).toContain('nova_breaker_state{breaker="smtp"} 0');
  });

  /** Seeded bug: a deadline of silence only. A server that drips a byte now and then holds a connection for ever. */
  it.each<[string, (socket: import('node:net').Socket) => void]>([
    ['says nothing', () => {}],
    [
      'drips',
      (socket) => {
        const timer = setInterval(() => socket.write('2'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    ['talks HTTP', (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['talks rubbish', (socket) => void socket.write(Buffer.from([0, 255, 13, 10, 7, 200, 10]))],
    ['hangs up', (socket) => void socket.destroy()],
    ['greets with 421', (socket) => void socket.end('421 too busy\r\n')],
    ['greets with 554', (socket) => void socket.end('554 no mail here\r\n')],
  ])('that %s is unreachable within the deadline, and the mail waits', async (_what, talk) => {
    const impostor = await startImpostor(talk);
    closing.push(impostor.close);
    const process = open(impostor.url, { timeoutMs: 300 });
    process.mail.start();
    await queue(process, 'ada@example.org');
    await until(async () => ((await process.outcomes())['unreachable'] ?? 0) >= 1);
    expect(await waiting()).toMatchObject([{ attempts: 0 }]);
  });

  it('that is slow to answer one mail does not keep the others waiting', async () => {
    const sink = await openSink();
    sink.beforeAnswer = ({ to }) => (to[0] === 'slow@example.org' ? new Promise(() => {}) : Promise.resolve());
    const process = open(sink.url, { timeoutMs: 400 });
    for (const name of ['slow', 'a', 'b', 'c']) await queue(process, `${name}@example.org`);
    process.mail.start();
    await until(() => ['a', 'b', 'c'].every((name) => sink.mails.some(({ to }) => to[0] === `${name}@example.org`)));
    await until(async () => (await process.outcomes())['sent'] === 3);
    // It may have been taken: nobody can know, so it comes again, with the same id.
    await superuser.query('update nova.mails set due_at = now()');
    await until(() => sink.mails.filter(({ to }) => to[0] === 'slow@example.org').length > 1);
    const ids = sink.mails.filter(({ to }) => to[0] === 'slow@example.org').map(({ headers }) => headers['message-id']);
    expect(new Set(ids).size).toBe(1);
  });

  /** Seeded bugs: nodemailer's own requeuing, which is endless; and a broken connection that counts for nothing. */
  it('that takes a mail and hangs up without a word gets no more copies than there are tries', async () => {
    const sink = await openSink();
    sink.beforeAnswer = async () => sink.hangUp();
    const process = open(sink.url);
    process.mail.start();
    await queue(process, 'ada@example.org');
    await gone();
    expect(sink.mails).toHaveLength(3);
    expect(new Set(sink.mails.map(({ headers }) => headers['message-id'])).size).toBe(1);
    expect(await process.outcomes()).toEqual({ uncertain: 2, given_up: 1 });
  });

  it.each(['RCPT', 'DATA'] as const)('that says 4xx to %s is asked again, and in the end no more', async (at) => {
    const sink = await openSink();
    sink.refuse = (command) => (command === at ? { code: 450, text: 'later' } : undefined);
    const process = open(sink.url);
    process.mail.start();
    await queue(process, 'ada@example.org');
    await gone();
    expect(sink.asked).toHaveLength(3);
    expect(await process.outcomes()).toEqual({ deferred: 2, given_up: 1 });
    sink.refuse = () => undefined;
    await queue(process, 'ada@example.org');
    await sink.received(1);
  });

  it.each(['RCPT', 'DATA'] as const)('that says 5xx to %s is not asked again', async (at) => {
    const sink = await openSink();
    sink.refuse = (command) =>
      command === at ? { code: 550, text: 'nobody of the name ada@example.org here' } : undefined;
    const process = open(sink.url);
    process.mail.start();
    await queue(process, 'ada@example.org');
    await gone();
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
    await queue(process, 'ben@example.org');
    await sink.received(1);
  });
});

describe('at least once', () => {
  /** What SMTP cannot exclude: the server has the mail, and the process dies before it has noted that. */
  it('comes again from another process after the lease when the first one died in the middle, and under the same id', async () => {
    const sink = await openSink();
    const dying = open(sink.url);
    await queue(dying, 'ada@example.org');
    // As a process leaves it that died: claimed, sent perhaps, not forgotten.
    await superuser.query(`update nova.mails set due_at = now() + interval '1 hour'`);
    const other = open(sink.url);
    other.mail.start();
    await queue(other, 'ben@example.org');
    await sink.received(1);
    expect(sink.mails.map(({ to }) => to[0])).toEqual(['ben@example.org']);
    await superuser.query('update nova.mails set due_at = now()');
    await sink.received(2);
    const { rows } = await superuser.query('select id from nova.mails');
    expect(rows.length).toBeLessThanOrEqual(1);
    await gone();
  });

  it('is not sent again when noting it fails for a while', async () => {
    const sink = await openSink();
    let failures = 0;
    const process = open(sink.url, {
      system: {
        ...database.system,
        run: async (query, values) => {
          if (query.name === 'mail.forgetMail' && failures < 2) {
            failures += 1;
            throw new Error('the database is away');
          }
          return await database.system.run(query, values);
        },
      },
    });
    process.mail.start();
    await queue(process, 'ada@example.org');
    await gone();
    expect(failures).toBe(2);
    expect(sink.mails).toHaveLength(1);
  });

  it('drops what nobody has a use for any more, and leaves what it does not know to a later version', async () => {
    const sink = await openSink();
    const process = open(sink.url);
    await queue(process, 'late@example.org');
    await superuser.query(`update nova.mails set expires_at = now() - interval '1 s'`);
    await queue(process, 'known@example.org');
    await database.transaction(newTenant(), (tx) =>
      process.mail.queue(tx, { template: 'of tomorrow', recipient: 'to@example.org', params: {}, ttlMs: 60_000 }),
    );
    process.mail.start();
    await until(async () => (await waiting()).length === 1);
    expect(await waiting()).toMatchObject([{ template: 'of tomorrow', attempts: 0 }]);
    expect(sink.mails.map(({ to }) => to[0])).toEqual(['known@example.org']);
    expect(await process.outcomes()).toEqual({ expired: 1, sent: 1 });
  });
});

it('has a bound on what waits, for each tenant (I10)', async () => {
  const process = open('smtp://127.0.0.1:9');
  const tenant = newTenant();
  await superuser.query(
    `insert into nova.mails (tenant_id, id, template, recipient, params, expires_at)
     select $1, gen_random_uuid(), 'hello', 'a@example.org', '{}', now() + interval '1 day' from generate_series(1, 5000)`,
    [tenant],
  );
  await queue(process, 'full@example.org', {}, tenant);
  await queue(process, 'other@example.org');
  expect(await process.outcomes()).toEqual({ refused: 1 });
  const { rows } = await superuser.query(`select recipient from nova.mails where recipient <> 'a@example.org'`);
  expect(rows).toEqual([{ recipient: 'other@example.org' }]);
});

describe('without a mail server', () => {
  it('writes mails to the log in development, link included', async () => {
    const process = open(undefined);
    process.mail.start();
    await queue(process, 'ada@example.org');
    await gone();
    const line = process.lines.find(({ fields }) => fields['to'] === 'ada@example.org');
    expect(line?.fields['text']).toContain('#token=secret');
    expect(await process.metrics.text()).toContain('nova_mail_configured 0');
  });

  /** Seeded bug: the line of development, in which anybody who reads logs finds a way in. */
  it('tells of them in production without recipient, content or token, and says at start what is missing', async () => {
    const process = open(undefined, { production: true });
    process.mail.start();
    await queue(process, 'ada@example.org');
    await gone();
    const told = process.lines.map(({ text }) => text);
    expect(told[0]).toMatch(/^mail is not configured \(NOVA_MAIL_URL\)/);
    expect(told[1]).toMatch(/^mail not sent/);
    expect(JSON.stringify(process.lines)).not.toMatch(/token|ada@|https:/);
  });
});
