import { randomBytes } from 'node:crypto';
import type { Nova } from '../app.js';
import { DEFAULT_SIZE, seedCommunity } from '../imports/index.js';
import type { Call } from '../platform/operation/index.js';
import { createSilentLogger } from '../platform/telemetry/index.js';
import type { Import } from './run-import.js';

export interface DemoSignIn {
  readonly login: string;
  readonly password: string;
}

const DEMO_USERS = 300;
const FOLLOWED = 40;
const WORK_MS = 30_000;

/** The synthetic community of a demo: 300 users, 3,000 posts. */
export const demoCommunity: Import = (community, progress) =>
  seedCommunity(community, 1, { users: DEMO_USERS, ...DEFAULT_SIZE }, progress);

/**
 * Makes an account to look around with, under a password of its own, and lets it follow the members with the
 * most followers. Each start of the demo makes a new one: no password is kept anywhere.
 */
export async function createDemoAccount(nova: Nova): Promise<DemoSignIn> {
  const tag = randomBytes(3).toString('hex');
  const login = `demo_${tag}`;
  const password = randomBytes(9).toString('base64url');
  const perform = async (name: string, viewer: string | null, input: unknown) => {
    const operation = nova.domains
      .flatMap(({ bindings }) => bindings.rest)
      .find((binding) => binding.operation.name === name)?.operation;
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return (await nova.execute(operation, callAs(nova, viewer), input)).output;
  };
  const { user } = (await perform('signUp', null, {
    handle: login,
    displayName: 'Demo',
    email: `${login}@example.org`,
    password,
  })) as { user: { id: string } };
  for (const userId of await nova.mostFollowed(nova.defaultTenant.id, FOLLOWED)) {
    await perform('followUser', user.id, { userId });
  }
  return { login, password };
}

function callAs(nova: Nova, userId: string | null): Call {
  return {
    principal: {
      tenant: nova.defaultTenant,
      viewer: userId === null ? null : { userId, sessionId: null, role: 'member' },
      secret: false,
      keyId: null,
      keyScopes: null,
    },
    correlationId: 'demo',
    remoteAddress: '127.0.0.1',
    userAgent: 'nova demo',
    log: createSilentLogger(),
    signal: AbortSignal.timeout(WORK_MS),
    deadlineAt: performance.now() + WORK_MS,
    idempotencyKey: null,
  };
}
