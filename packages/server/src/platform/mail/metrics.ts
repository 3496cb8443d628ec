import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '../telemetry/index.js';

/**
 * What became of a mail: `sent`, or `logged` where no server is configured; to be tried again as `deferred` by the server,
 * the server `unreachable`, or its answer missing (`uncertain`); dropped as `rejected` for good, `given_up` after the last
 * try, `expired` before it could be sent, or `refused`, as too many were waiting.
 */
export type MailOutcome =
  | 'sent'
  | 'logged'
  | 'deferred'
  | 'unreachable'
  | 'uncertain'
  | 'rejected'
  | 'given_up'
  | 'expired'
  | 'refused';

export interface MailMetrics {
  outcome(outcome: MailOutcome): void;
  sending(durationMs: number): void;
}

const MS_PER_SECOND = 1_000;
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMailMetrics({ registry }: Pick<Metrics, 'registry'>, configured: boolean): MailMetrics {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'nova_mail_outcomes_total',
    help: 'Tries to send a mail, and mails that were dropped, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'nova_mail_send_duration_seconds',
    help: 'Time from taking a connection to the last word of the mail server.',
    buckets: BUCKETS,
    registers,
  });
  new Gauge({ name: 'nova_mail_configured', help: 'Whether a mail server is configured: 0 or 1.', registers }).set(
    configured ? 1 : 0,
  );
  return {
    outcome: (outcome) => outcomes.inc({ outcome }),
    sending: (durationMs) => durations.observe(durationMs / MS_PER_SECOND),
  };
}
