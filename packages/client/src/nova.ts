import { domains, type NovaApi } from './generated/api.js';
import { bindDomain } from './methods.js';
import { createSession, createSessionState, type NovaSession } from './session.js';
import { createMemoryStore, type SessionStore } from './session-store.js';
import { createTransport, type Transport, type TransportOptions } from './transport.js';

/** Every operation of Nova, by domain. */
export interface Nova extends NovaApi {
  /** Signs users in and out. */
  readonly session: NovaSession;
  readonly transport: Transport;
}

export interface NovaOptions extends TransportOptions {
  /** Where the session of `nova.session` is kept; in memory by default. Not together with `token`. */
  readonly sessionStore?: SessionStore | undefined;
}

/** A client with everything. For a bundle with a few operations only, see `createTransport` and `bindOperation`. */
export function createNova({ sessionStore, ...options }: NovaOptions): Nova {
  if (options.token !== undefined && sessionStore !== undefined) {
    throw new TypeError('token and sessionStore exclude one another: either is where the token comes from');
  }
  const state = options.token === undefined ? createSessionState(sessionStore ?? createMemoryStore()) : null;
  const transport = createTransport(state === null ? options : { ...options, token: state.token });
  return { ...bindApi(transport), session: createSession(transport, state), transport };
}

function bindApi(transport: Transport): NovaApi {
  const bound = Object.entries(domains).map(([name, operations]) => [name, bindDomain(transport, operations)]);
  return Object.fromEntries(bound) as {
    [K in keyof typeof domains]: ReturnType<typeof bindDomain<(typeof domains)[K]>>;
  };
}
