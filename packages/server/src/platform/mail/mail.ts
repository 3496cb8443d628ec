import type { SystemHandle, WriteHandle } from '../db/index.js';
import { newId } from '../ids/index.js';
import { Breaker } from '../resilience/breaker.js';
import type { Logger, Metrics } from '../telemetry/index.js';
import { createLogTransport } from './log-transport.js';
import { MailSender } from './mail-sender.js';
import { isMailbox, type MailTemplate } from './message.js';
import { createMailMetrics } from './metrics.js';
import { queueMail } from './queries.js';
import { createSmtpTransport } from './smtp-transport.js';

export interface MailToQueue {
  /** By its name; a name that is in the queue of a running deployment keeps its meaning. */
  readonly template: string;
  readonly recipient: string;
  /** JSON without secrets: ids rather than content. */
  readonly params: Readonly<Record<string, unknown>>;
  /** After it the mail is of no use and is dropped. */
  readonly ttlMs: number;
}

export interface MailDeps {
  readonly system: SystemHandle;
  readonly templates: Readonly<Record<string, MailTemplate>>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'registry' | 'watchQueue' | 'watchBreaker' | 'recordBreakerTransition'>;
  readonly settings: {
    readonly environment: 'development' | 'production';
    /** Absent: mails go to the log. */
    readonly url: string | undefined;
    readonly from: string | undefined;
    readonly connections: number;
    readonly timeoutMs: number;
  };
  /** Before the second try of a mail, the third and so on, in ms. Default: five, 5 s to 10 min. */
  readonly retryDelaysMs?: readonly number[];
  /** How often to look for what is due without having been told, in ms. Default: 5,000. */
  readonly pollMs?: number;
  /** How long the breaker stays open, in ms. Default: 30,000. */
  readonly breakerOpenMs?: number;
}

export interface Mail {
  /**
   * Queues a mail in the caller's transaction: it is sent after the commit and never otherwise. When the queue of the
   * tenant is full the mail is dropped, which is counted: whatever asked for it goes on (I9, I10).
   */
  queue(tx: WriteHandle, mail: MailToQueue): Promise<void>;
  start(): void;
  /** Waits for the mails under way. */
  stop(): Promise<void>;
}

/** Mails of one tenant that may wait: hours of outage for a small community, and 2 MB of the database for a large one. */
const MAX_WAITING = 5_000;
const BREAKER_FAILURES = 5;
const BREAKER_OPEN_MS = 30_000;

/** Mail of this process: a queue in the database and whoever empties it. See README.md. */
export function createMail(deps: MailDeps): Mail {
  const { log, metrics, settings } = deps;
  const { url, from, connections, timeoutMs, environment } = settings;
  const configured = url !== undefined && from !== undefined;
  const mailMetrics = createMailMetrics(metrics, configured);
  const transport = configured
    ? createSmtpTransport({ url, from, connections, timeoutMs })
    : createLogTransport(environment, log);
  const breaker = new Breaker({
    name: 'smtp',
    failures: BREAKER_FAILURES,
    openMs: deps.breakerOpenMs ?? BREAKER_OPEN_MS,
    onTransition: (before, after) => {
      metrics.recordBreakerTransition('smtp', before, after);
      log.warn({ breaker: 'smtp', from: before, to: after }, 'circuit breaker');
    },
  });
  const sender = new MailSender({ ...deps, transport, breaker, metrics: mailMetrics, timeoutMs });
  let unwatch: (() => void)[] = [];
  return {
    async queue(tx, { template, recipient, params, ttlMs }) {
      if (!isMailbox(recipient)) {
        tx.afterCommit(() => mailMetrics.outcome('rejected'));
        return;
      }
      const queued = await tx.row(queueMail, { id: newId(), template, recipient, params, ttlMs, most: MAX_WAITING });
      tx.afterCommit(() => {
        if (queued === undefined) {
          mailMetrics.outcome('refused');
          log.warn({ tenantId: tx.tenantId, template }, 'mail dropped: too many of the tenant wait');
        } else sender.wake();
      });
    },
    start() {
      if (!configured && environment === 'production') {
        log.warn('mail is not configured (NOVA_MAIL_URL): nobody can verify an address or get a new password');
      } else if (!configured) {
        log.info('mail is not configured (NOVA_MAIL_URL): mails are written to the log, at level info');
      }
      unwatch = [metrics.watchBreaker('smtp', () => breaker.state), metrics.watchQueue('mail', () => sender.reading)];
      sender.start();
    },
    async stop() {
      await sender.stop();
      transport.close();
      for (const end of unwatch) end();
    },
  };
}
