import type { SystemHandle } from '../db/index.js';
import { Waiter } from '../outbox/waiter.js';
import type { Breaker } from '../resilience/breaker.js';
import type { Logger, QueueReading } from '../telemetry/index.js';
import { type MailTemplate, renderMail } from './message.js';
import type { MailMetrics, MailOutcome } from './metrics.js';
import { claimMails, countMails, forgetMail, postponeMail } from './queries.js';
import { MailFailure, type MailTransport } from './transport.js';

export interface MailSenderDeps {
  readonly system: SystemHandle;
  readonly transport: MailTransport;
  readonly templates: Readonly<Record<string, MailTemplate>>;
  readonly breaker: Breaker;
  readonly metrics: MailMetrics;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Of one mail. */
  readonly timeoutMs: number;
  /** Before the second try of a mail, the third and so on, in ms. */
  readonly retryDelaysMs?: readonly number[];
  /** How often to look for what is due without having been told, in ms. */
  readonly pollMs?: number;
}

/** What one turn found: there may be `more` at once, or nothing is due, or the breaker is open. */
type Turn = 'more' | 'idle' | 'refused';

interface ClaimedMail {
  readonly tenantId: string;
  readonly id: string;
  readonly template: string;
  readonly recipient: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

/** As the outbox: five retries, each later; slower, as servers that greylist want to be asked again in minutes. */
const RETRY_DELAYS_MS: readonly number[] = [5_000, 30_000, 120_000, 300_000, 600_000];
/** While no server can be reached. The mail is not to blame, so this is not counted; the breaker makes it rarer. */
const UNREACHABLE_DELAY_MS = 5_000;
const POLL_MS = 5_000;
const REFUSED_PAUSE_MS = 1_000;
/** On top of the deadline of a mail, for a process that is slow to note what came of it. */
const LEASE_SPARE_MS = 60_000;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 5_000;
/** The gauge goes no further; an index is read up to here every few seconds. */
const COUNTED = 10_000;

/** Empties the queue of mails, a few at a time, together with the senders of other processes. */
export class MailSender {
  readonly #deps: MailSenderDeps;
  readonly #waiter = new Waiter();
  #running: Promise<void> | undefined;
  #waiting = 0;
  #sending = 0;

  constructor(deps: MailSenderDeps) {
    this.#deps = deps;
  }

  /** For metrics: `waiting` is of all processes, as of the last look. */
  get reading(): QueueReading {
    return { running: this.#sending, waiting: this.#waiting, limit: COUNTED };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#waiter.wake();
  }

  /** Waits for the mails under way, at most for their deadline. */
  async stop(): Promise<void> {
    this.#waiter.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { pollMs = POLL_MS, log } = this.#deps;
    let backoffMs = BACKOFF_FIRST_MS;
    while (!this.#waiter.closed) {
      try {
        const turn = await this.#turn();
        backoffMs = BACKOFF_FIRST_MS;
        if (turn === 'idle') await this.#waiter.wait(jittered(pollMs));
        else if (turn === 'refused') await this.#waiter.pause(jittered(Math.min(pollMs, REFUSED_PAUSE_MS)));
      } catch (error) {
        log.warn({ err: error }, 'the queue of mails cannot be read');
        await this.#waiter.pause(jittered(backoffMs));
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
      }
    }
  }

  async #turn(): Promise<Turn> {
    const { system, breaker, transport, timeoutMs } = this.#deps;
    // A probe is one mail.
    const limit = breaker.state === 'closed' ? transport.concurrency : 1;
    try {
      breaker.enter();
    } catch {
      return 'refused';
    }
    let mails: (ClaimedMail & { readonly expired: boolean })[];
    try {
      const claimed = await system.rows(claimMails, { limit, leaseMs: timeoutMs + LEASE_SPARE_MS });
      mails = claimed.map((mail) => ({ ...mail, params: mail.params as ClaimedMail['params'] }));
    } catch (error) {
      breaker.cancelled();
      throw error;
    }
    if (mails.length === 0) {
      breaker.cancelled();
      this.#waiting = (await system.row(countMails, { limit: COUNTED }))?.waiting ?? 0;
      return 'idle';
    }
    await Promise.all(mails.map((mail) => this.#handle(mail)));
    return mails.length === limit ? 'more' : 'idle';
  }

  async #handle(mail: ClaimedMail & { readonly expired: boolean }): Promise<void> {
    if (mail.expired) {
      this.#deps.breaker.cancelled();
      return await this.#drop(mail, 'expired', 'its time has passed');
    }
    const template = this.#deps.templates[mail.template];
    // Of a later version, whose processes know it.
    if (template === undefined) {
      this.#deps.breaker.cancelled();
      return await this.#postpone(mail, mail.attempts, POLL_MS);
    }
    const startedAt = performance.now();
    this.#sending += 1;
    try {
      await this.#deps.transport.deliver({
        ...renderMail(template(mail.tenantId, mail.params)),
        to: mail.recipient,
        id: mail.id,
      });
    } catch (error) {
      return await this.#failed(mail, error);
    } finally {
      this.#sending -= 1;
      this.#deps.metrics.sending(performance.now() - startedAt);
    }
    this.#deps.breaker.succeeded();
    this.#deps.metrics.outcome(this.#deps.transport.outcome);
    await this.#store(() => this.#deps.system.run(forgetMail, keyOf(mail)));
  }

  async #failed(mail: ClaimedMail, error: unknown): Promise<void> {
    const { breaker, metrics, retryDelaysMs = RETRY_DELAYS_MS } = this.#deps;
    const { kind, message } =
      error instanceof MailFailure ? error : new MailFailure('rejected', `it cannot be made: ${String(error)}`);
    if (kind === 'unreachable' || kind === 'uncertain') breaker.failed();
    else breaker.succeeded();
    switch (kind) {
      case 'unreachable':
        metrics.outcome('unreachable');
        this.#deps.log.warn({ ...fieldsOf(mail), reason: message }, 'the mail server cannot be reached');
        return await this.#postpone(mail, mail.attempts, UNREACHABLE_DELAY_MS);
      // Each of these tries may have been one mail more: they are counted, and few.
      case 'uncertain':
      case 'deferred': {
        const delayMs = retryDelaysMs[mail.attempts];
        if (delayMs === undefined) return await this.#drop(mail, 'given_up', message);
        metrics.outcome(kind);
        return await this.#postpone(mail, mail.attempts + 1, delayMs);
      }
      case 'rejected':
        return await this.#drop(mail, 'rejected', message);
    }
  }

  async #drop(mail: ClaimedMail, outcome: MailOutcome, reason: string): Promise<void> {
    this.#deps.metrics.outcome(outcome);
    this.#deps.log.warn({ ...fieldsOf(mail), outcome, reason }, 'mail dropped');
    await this.#store(() => this.#deps.system.run(forgetMail, keyOf(mail)));
  }

  async #postpone(mail: ClaimedMail, attempts: number, delayMs: number): Promise<void> {
    await this.#store(() =>
      this.#deps.system.run(postponeMail, { ...keyOf(mail), attempts, inMs: Math.round(jittered(delayMs)) }),
    );
  }

  /**
   * What came of a mail has to reach the database, or a mail that was sent is sent again when its lease has passed: so it
   * is tried until it does, and no further mail is taken meanwhile.
   */
  async #store(write: () => Promise<number>): Promise<void> {
    for (let backoffMs = BACKOFF_FIRST_MS; ; backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS)) {
      try {
        await write();
        return;
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'what came of a mail cannot be stored');
        if (this.#waiter.closed) return;
        await this.#waiter.pause(backoffMs);
      }
    }
  }
}

const keyOf = ({ tenantId, id }: ClaimedMail) => ({ tenantId, id });

/** Of a log line: no address, no content. */
const fieldsOf = ({ tenantId, id, template }: ClaimedMail) => ({ tenantId, mailId: id, template });

function jittered(delayMs: number): number {
  return delayMs * (0.8 + Math.random() * 0.4);
}
