import type { Database } from '../platform/db/index.js';
import { createMail, type Mail, type MailDeps } from '../platform/mail/mail.js';
import { createMetrics, type Metrics } from '../platform/telemetry/index.js';
import { makeDatabase } from './open-database.js';
import { newTenant } from './outbox-fixture.js';
import { type SmtpSink, startImpostor, startSmtpSink, until } from './smtp-sink.js';
import { connectTo } from './test-cluster.js';
import { createTestDatabase } from './test-database.js';

interface Line {
  readonly fields: Record<string, unknown>;
  readonly text: string;
}

/** The part of a process that sends mails. */
export interface MailProcess {
  readonly mail: Mail;
  readonly metrics: Metrics;
  readonly lines: Line[];
  outcomes(): Promise<Record<string, number>>;
}

export interface MailProcessOptions extends Partial<MailDeps> {
  readonly timeoutMs?: number;
  readonly production?: boolean;
}

/** A queue of mails, and whatever a test opens beside it. */
export interface MailWorld {
  readonly database: Database;
  readonly superuser: Awaited<ReturnType<typeof connectTo>>;
  /** A process that sends to this server; not started, so that a test can queue first. */
  open(url: string | undefined, options?: MailProcessOptions): MailProcess;
  openSink(port?: number): Promise<SmtpSink>;
  openImpostor(...how: Parameters<typeof startImpostor>): ReturnType<typeof startImpostor>;
  queue(process: MailProcess, recipient: string, params?: Record<string, unknown>, tenant?: string): Promise<void>;
  /** What is in the queue. */
  waiting(): Promise<Record<string, unknown>[]>;
  /** Waits until nothing is. */
  gone(): Promise<void>;
  /** After each test: closes what it opened and empties the queue. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export async function createMailWorld(): Promise<MailWorld> {
  const testDatabase = await createTestDatabase();
  const database = makeDatabase(testDatabase);
  const superuser = await connectTo(testDatabase.superuserUrl);
  await database.open();
  const closing: (() => Promise<unknown>)[] = [];
  const keep = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.push(() => opened.close());
    return opened;
  };
  const waiting = async () => (await superuser.query('select * from nova.mails')).rows;
  return {
    database,
    superuser,
    open(url, options = {}) {
      const process = openProcess(database, url, options);
      closing.push(async () => {
        await process.mail.stop();
        process.metrics.close();
      });
      return process;
    },
    openSink: async (port) => keep(await startSmtpSink(port)),
    openImpostor: async (talk) => keep(await startImpostor(talk)),
    queue: ({ mail }, recipient, params = {}, tenant = newTenant()) =>
      database.transaction(tenant, (tx) => mail.queue(tx, { template: 'hello', recipient, params, ttlMs: 60_000 })),
    waiting,
    gone: () => until(async () => (await waiting()).length === 0),
    async tidy() {
      for (const close of closing.splice(0).reverse()) await close();
      await superuser.query('delete from nova.mails');
    },
    async close() {
      await superuser.end();
      await database.close();
      await testDatabase.drop();
    },
  };
}

function openProcess(database: Database, url: string | undefined, options: MailProcessOptions): MailProcess {
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
      environment: options.production === true ? 'production' : 'development',
      url,
      from: 'The App <app@app.example>',
      connections: 2,
      timeoutMs: options.timeoutMs ?? 5_000,
    },
    pollMs: 20,
    retryDelaysMs: [20, 20],
    breakerOpenMs: 50,
    ...options,
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
