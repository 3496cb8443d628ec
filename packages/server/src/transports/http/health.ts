import type { FastifyInstance } from 'fastify';

/** A part without which this process should get no requests. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects when the part is not there; the reason is logged by whoever owns it. */
  readonly check: () => Promise<void>;
}

export interface HealthOptions {
  readonly checks: readonly ReadinessCheck[];
  readonly isDraining: () => boolean;
}

/** A check that has not answered by then has failed: probes commonly wait for one second. */
const CHECK_TIMEOUT_MS = 800;

interface Readiness {
  readonly status: 'ready' | 'not_ready' | 'draining';
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/**
 * `GET /livez`: the process answers; nothing else is asked, so that an outage elsewhere restarts nothing.
 * `GET /readyz`: whether to send requests here; 503 when a check fails and from the first moment of a drain (I14).
 */
export function registerHealth(server: FastifyInstance, { checks, isDraining }: HealthOptions): void {
  // Shared by those who ask at the same time: anybody may ask, and as often as they like.
  let underWay: Promise<Readiness> | null = null;

  server.get('/livez', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'alive' };
  });

  server.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isDraining()) return reply.code(503).send({ status: 'draining', checks: {} } satisfies Readiness);
    underWay ??= runChecks(checks).finally(() => {
      underWay = null;
    });
    const readiness = await underWay;
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
}

async function runChecks(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const results = await Promise.all(checks.map(async ({ name, check }) => [name, await outcomeOf(check)] as const));
  const ready = results.every(([, outcome]) => outcome === 'ok');
  return { status: ready ? 'ready' : 'not_ready', checks: Object.fromEntries(results) };
}

async function outcomeOf(check: () => Promise<void>): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'failed'>((resolve) => {
    timer = setTimeout(() => resolve('failed'), CHECK_TIMEOUT_MS);
  });
  const outcome = check().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}
