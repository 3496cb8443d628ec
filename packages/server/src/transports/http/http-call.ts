import type { FastifyReply, FastifyRequest } from 'fastify';
import { platformErrors } from '../../platform/errors/index.js';
import type { Call, Principal } from '../../platform/operation/index.js';
import type { Logger } from '../../platform/telemetry/index.js';

/** Time that whoever saw the deadline pass has to answer for itself, before the transport does. */
const LAST_WORD_MS = 100;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** The circumstances of one HTTP request. What few requests use is made when it is asked for. */
export class HttpCall implements Call {
  readonly principal: Principal;
  readonly correlationId: string;
  readonly remoteAddress: string;
  readonly userAgent: string;
  readonly deadlineAt: number;
  readonly idempotencyKey: string | null;
  /** Counts one call against the allowance of its caller, or throws `rate_limited`. */
  readonly countCall: () => void;
  readonly #reply: FastifyReply;
  readonly #parentLog: Logger;
  #log: Logger | null = null;
  #controller: AbortController | null = null;
  #timer: NodeJS.Timeout;
  #ended: 'answered' | 'deadline' | 'gone' | null = null;

  /**
   * @param startedAt when the request arrived, on the `performance.now()` clock
   * @param timeoutMs from then to the deadline
   */
  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      principal,
      log,
      startedAt,
      timeoutMs,
      countCall,
    }: { principal: Principal; log: Logger; startedAt: number; timeoutMs: number; countCall: () => void },
  ) {
    this.principal = principal;
    this.correlationId = request.id;
    this.remoteAddress = remoteAddressOf(request);
    this.userAgent = (request.headers['user-agent'] ?? '').slice(0, 512);
    this.deadlineAt = startedAt + timeoutMs;
    this.idempotencyKey = idempotencyKeyOf(request);
    this.countCall = countCall;
    this.#reply = reply;
    this.#parentLog = log;
    // The same duration every time: Node keeps one list for each, and appends in constant time.
    this.#timer = setTimeout(passDeadline, timeoutMs, this);
    if (reply.raw.destroyed) this.end(false);
  }

  get log(): Logger {
    const { tenant, viewer } = this.principal;
    this.#log ??= this.#parentLog.child({
      correlationId: this.correlationId,
      tenantId: tenant.id,
      userId: viewer?.userId ?? null,
    });
    return this.#log;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#ended !== null) this.#abort(this.#ended);
    }
    return this.#controller.signal;
  }

  /** To be called when there is an answer to send, at which the deadline ends, and when the caller is gone. */
  end(answered: boolean): void {
    clearTimeout(this.#timer);
    // After an answer nothing is aborted: work that was asked for and goes on, such as an audit line, may end.
    this.#ended ??= answered ? 'answered' : 'gone';
    if (this.#ended === 'gone') this.#abort('gone');
  }

  /** Aborts the work; answers in its place if it does not take notice. */
  passDeadline(): void {
    this.#ended = 'deadline';
    this.#abort('deadline');
    this.#timer = setTimeout(answerInstead, LAST_WORD_MS, this.#reply);
  }

  #abort(why: 'answered' | 'deadline' | 'gone'): void {
    switch (why) {
      case 'answered':
        return;
      case 'deadline':
        this.#controller?.abort(platformErrors.deadline_exceeded());
        return;
      case 'gone':
        this.#controller?.abort(platformErrors.deadline_exceeded({ detail: 'the caller is gone' }));
        return;
    }
  }
}

/** The caller's address as far as trusted proxies tell; the unspecified one when it has hung up already. */
export function remoteAddressOf(request: FastifyRequest): string {
  const address: string | undefined = request.ip;
  return address ?? '::';
}

function passDeadline(call: HttpCall): void {
  call.passDeadline();
}

function answerInstead(reply: FastifyReply): void {
  if (!reply.sent && !reply.raw.headersSent) reply.send(platformErrors.deadline_exceeded());
}

/** Throws `invalid_request` unless the header is absent or 1 to 255 printable ASCII characters. */
function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw platformErrors.invalid_request({
    problems: [{ path: 'Idempotency-Key', reason: 'must be 1 to 255 printable ASCII characters' }],
  });
}
