import { newId } from '../platform/ids/index.js';
import { type ReceivedMail, type SmtpSink, startSmtpSink, until } from './smtp-sink.js';
import { type Member, type RestAnswer, startTestApp, type TestApp, type TestAppOptions } from './test-app.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Two processes on one database, which send their mails to one server. */
export interface MailingApps {
  readonly apps: readonly [TestApp, TestApp];
  readonly sink: SmtpSink;
  readonly database: TestDatabase;
  /** A member, once the mail of their sign-up has come. */
  newMember(key?: string): Promise<NewMember>;
  /** Mails to an address, when there are so many of them. */
  mailsTo(address: string, count: number): Promise<readonly ReceivedMail[]>;
  close(): Promise<void>;
}

export interface NewMember extends Member {
  readonly email: string;
  readonly password: string;
  /** Of the mail that verifies the address. */
  readonly verificationToken: string;
}

export async function startMailingApps(options: Pick<TestAppOptions, 'env'> = {}): Promise<MailingApps> {
  const database = await createTestDatabase();
  const sink = await startSmtpSink();
  const env = { ...mailEnvironment(sink), ...options.env };
  const apps = [await startTestApp({ database, env }), await startTestApp({ database, env })] as const;
  const mailsTo: MailingApps['mailsTo'] = async (address, count) => {
    const found = () => sink.mails.filter(({ to }) => to.includes(address));
    await until(
      () => found().length >= count,
      20_000,
      () => `${found().length} of ${count} mails came to ${address}`,
    );
    return found();
  };
  return {
    apps,
    sink,
    database,
    mailsTo,
    async newMember(key) {
      const member = await apps[0].signUp(`m${newId().replaceAll('-', '').slice(-12)}`, {
        ...(key === undefined ? {} : { key }),
      });
      const email = `${member.handle}@example.org`;
      const [mail] = await mailsTo(email, 1);
      const password = `a password of ${member.handle}`;
      return { ...member, email, password, verificationToken: tokenIn(mail) };
    },
    async close() {
      for (const app of apps) await app.close();
      await sink.close();
      await database.drop();
    },
  };
}

/** Settings of a process that sends to this server. */
export const mailEnvironment = ({ url }: Pick<SmtpSink, 'url'>) => ({
  NOVA_PROCESSES: '2',
  NOVA_MAIL_URL: url,
  NOVA_MAIL_FROM: 'The App <app@app.example>',
  NOVA_MAIL_APP_URL: 'https://app.example/account/',
  // Of a machine that does ten things nothing here is a test.
  NOVA_HTTP_REQUEST_TIMEOUT_MS: '20000',
  NOVA_DATABASE_QUERY_TIMEOUT_MS: '15000',
});

/** The token of the link in a mail. */
export function tokenIn(mail: ReceivedMail | undefined): string {
  const token = /#token=(nova_\w\w_[\w-]{43})&tenant=/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error(`no token in ${mail?.text}`);
  return token;
}

/** What an answer says, without what differs from call to call. */
export const outcomeOf = ({ status, body }: RestAnswer): string => `${status} ${body?.code ?? ''}`;
