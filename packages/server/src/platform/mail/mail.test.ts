import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMailWorld, type MailWorld } from '../../testing/mail-fixture.js';
import { newTenant } from '../../testing/outbox-fixture.js';
import { until } from '../../testing/smtp-sink.js';

/*
 * The queue of mails and a real SMTP server that is well. Each test has a tenant of its own; what came of a mail is read
 * from the server, the rows and the metrics.
 */

let world: MailWorld;

beforeAll(async () => {
  world = await createMailWorld();
});
afterEach(() => world.tidy());
afterAll(() => world?.close());

describe('a mail', () => {
  it('arrives once, plain and as HTML, with its link, and leaves no row', async () => {
    const sink = await world.openSink();
    const process = world.open(sink.url);
    process.mail.start();
    const tenant = newTenant();
    await world.queue(process, 'ada@example.org', {}, tenant);
    const [mail] = await sink.received(1);
    await world.gone();
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
    const sink = await world.openSink();
    const process = world.open(sink.url);
    process.mail.start();
    const failing = world.database.transaction(newTenant(), async (tx) => {
      await process.mail.queue(tx, { template: 'hello', recipient: 'no@example.org', params: {}, ttlMs: 60_000 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await world.queue(process, 'yes@example.org');
    await sink.received(1);
    await world.gone();
    expect(sink.mails.map(({ to }) => to)).toEqual([['yes@example.org']]);
  });

  /** Seeded bug: a subject that goes into its header as it is. */
  it('cannot be given another header, recipient or body by what it is about', async () => {
    const sink = await world.openSink();
    const process = world.open(sink.url);
    process.mail.start();
    await world.queue(process, 'ada@example.org', {
      subject: 'Hi\r\nBcc: eve@example.org\r\n\r\nSpam\u2028X: y\u0085',
    });
    for (const recipient of [
      'a@example.org,eve@example.org',
      'eve,a@example.org',
      'a@example.org\r\nBcc: eve@example.org',
      '<eve@example.org>a@example.org',
      '"a b"@example.org',
      'eve:a@example.org',
    ]) {
      await world.queue(process, recipient);
    }
    await sink.received(1);
    await world.gone();
    expect(sink.mails).toHaveLength(1);
    expect(sink.mails[0]?.to).toEqual(['ada@example.org']);
    expect(Object.keys(sink.mails[0]?.headers ?? {})).not.toContain('bcc');
    expect(sink.mails[0]?.headers['subject']).toBe('Hi Bcc: eve@example.org Spam X: y');
    expect(await process.outcomes()).toEqual({ sent: 1, rejected: 6 });
  });

  it('of many goes out over no more connections than there may be, each once, whoever sends', async () => {
    const sink = await world.openSink();
    let most = 0;
    sink.beforeAnswer = async () => {
      most = Math.max(most, sink.open);
    };
    const processes = [world.open(sink.url), world.open(sink.url)] as const;
    const recipients = Array.from({ length: 60 }, (_, index) => `to${index}@example.org`);
    const tenant = newTenant();
    await world.database.transaction(tenant, async (tx) => {
      for (const recipient of recipients) {
        await processes[0].mail.queue(tx, { template: 'hello', recipient, params: {}, ttlMs: 60_000 });
      }
    });
    for (const { mail } of processes) mail.start();
    await sink.received(60);
    await world.gone();
    expect(sink.mails.flatMap(({ to }) => to).sort()).toEqual([...recipients].sort());
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});

/** Seeded bug: a claim without a lease. */
it('is left alone by other processes while it is under way', async () => {
  const sink = await world.openSink();
  const { system } = world.database;
  let looks = 0;
  const other = world.open(sink.url, {
    system: {
      ...system,
      rows: (query, values) => {
        if (query.name === 'mail.claimMails') looks += 1;
        return system.rows(query, values);
      },
    },
  });
  sink.beforeAnswer = async () => {
    const before = looks;
    other.mail.start();
    await until(() => looks > before + 3);
  };
  const process = world.open(sink.url);
  process.mail.start();
  await world.queue(process, 'ada@example.org');
  await sink.received(1);
  await world.gone();
  expect(sink.mails).toHaveLength(1);
});

describe('at least once', () => {
  /** What SMTP cannot exclude: the server has the mail, and the process dies before it has noted that. */
  it('comes again from another process, after the lease and under the same id, when the first died in between', async () => {
    const sink = await world.openSink();
    const { system } = world.database;
    const dying = world.open(sink.url, {
      system: { ...system, run: async () => Promise.reject(new Error('the process is dead')) },
    });
    dying.mail.start();
    await world.queue(dying, 'ada@example.org');
    await sink.received(1);
    await dying.mail.stop();
    const other = world.open(sink.url);
    other.mail.start();
    await world.queue(other, 'ben@example.org');
    await sink.received(2);
    expect(sink.mails.map(({ to }) => to[0])).toEqual(['ada@example.org', 'ben@example.org']);
    // The lease, passed by hand.
    await world.superuser.query('update nova.mails set due_at = now()');
    await sink.received(3);
    await world.gone();
    const ids = sink.mails.filter(({ to }) => to[0] === 'ada@example.org').map(({ headers }) => headers['message-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not sent again when noting it fails for a while', async () => {
    const sink = await world.openSink();
    let failures = 0;
    const process = world.open(sink.url, {
      system: {
        ...world.database.system,
        run: async (query, values) => {
          if (query.name === 'mail.forgetMail' && failures < 2) {
            failures += 1;
            throw new Error('the database is away');
          }
          return await world.database.system.run(query, values);
        },
      },
    });
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await world.gone();
    expect(failures).toBe(2);
    expect(sink.mails).toHaveLength(1);
  });

  it('drops what nobody has a use for any more, and leaves what it does not know to a later version', async () => {
    const sink = await world.openSink();
    const process = world.open(sink.url);
    await world.queue(process, 'late@example.org');
    await world.superuser.query(`update nova.mails set expires_at = now() - interval '1 s'`);
    await world.queue(process, 'known@example.org');
    await world.database.transaction(newTenant(), (tx) =>
      process.mail.queue(tx, { template: 'of tomorrow', recipient: 'to@example.org', params: {}, ttlMs: 60_000 }),
    );
    process.mail.start();
    await until(async () => (await world.waiting()).length === 1);
    expect(await world.waiting()).toMatchObject([{ template: 'of tomorrow', attempts: 0 }]);
    expect(sink.mails.map(({ to }) => to[0])).toEqual(['known@example.org']);
    expect(await process.outcomes()).toEqual({ expired: 1, sent: 1 });
  });
});

it('has a bound on what waits, for each tenant (I10)', async () => {
  const process = world.open('smtp://127.0.0.1:9');
  const tenant = newTenant();
  await world.superuser.query(
    `insert into nova.mails (tenant_id, id, template, recipient, params, expires_at)
     select $1, gen_random_uuid(), 'hello', 'a@example.org', '{}', now() + interval '1 day' from generate_series(1, 5000)`,
    [tenant],
  );
  await world.queue(process, 'full@example.org', {}, tenant);
  await world.queue(process, 'other@example.org');
  expect(await process.outcomes()).toEqual({ refused: 1 });
  const { rows } = await world.superuser.query(`select recipient from nova.mails where recipient <> 'a@example.org'`);
  expect(rows).toEqual([{ recipient: 'other@example.org' }]);
});

describe('without a mail server', () => {
  it('writes mails to the log in development, link included', async () => {
    const process = world.open(undefined);
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await world.gone();
    const line = process.lines.find(({ fields }) => fields['to'] === 'ada@example.org');
    expect(line?.fields['text']).toContain('#token=secret');
    expect(await process.metrics.text()).toContain('nova_mail_configured 0');
    expect(await process.outcomes()).toEqual({ logged: 1 });
  });

  /** Seeded bug: the line of development, in which anybody who reads logs finds a way in. */
  it('tells of them in production without recipient, content or token, and says at start what is missing', async () => {
    const process = world.open(undefined, { production: true });
    process.mail.start();
    await world.queue(process, 'ada@example.org');
    await world.gone();
    const told = process.lines.map(({ text }) => text);
    expect(told[0]).toMatch(/^mail is not configured \(NOVA_MAIL_URL\)/);
    expect(told[1]).toMatch(/^mail not sent/);
    expect(JSON.stringify(process.lines)).not.toMatch(/token|ada@|https:/);
  });
});
