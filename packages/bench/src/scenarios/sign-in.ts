import { expect, expectStatus } from '../load/load-source.js';
import { postRequest } from '../load/request.js';
import { pick } from '../measure/random.js';
import { defineScenario } from './scenario.js';

interface Account {
  readonly id: string;
  readonly handle: string;
  readonly password: string;
}

/** The server's default of NOVA_IDENTITY_PASSWORD_HASH_CONCURRENCY. */
const HASH_CONCURRENCY = 2;

/** Sign in with handle and password: one argon2id verification, which ought to be nearly all of the cost. */
export const signIn = defineScenario<readonly Account[]>({
  name: 'sign-in',
  title: 'Sign in',
  findings: ['R11', 'C1'],
  connections: 8,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'password_hash', concurrency: HASH_CONCURRENCY },
    bar: { direction: 'at_least', value: 0.7 },
  },
  goals: [],
  async prepare({ api, writers }) {
    for (const { id, handle, password } of writers.slice(0, 2)) {
      const { token } = await api.post<{ token: string }>('/api/v1/sessions', null, { login: handle, password });
      const me = await api.get<{ id: string }>('/api/v1/me', token);
      expect(me.id === id, 'the token of a sign-in belongs to somebody else');
      const wrong = JSON.stringify({ login: handle, password: `${password}!` });
      expectStatus(await api.send(postRequest('/api/v1/sessions', null, wrong)), 401);
    }
    return writers.map(({ id, handle, password }) => ({ id, handle, password }));
  },
  load: (accounts, random) => ({
    next() {
      const subject = Math.floor(random() * accounts.length);
      const { handle, password } = accounts[subject] ?? pick(random, accounts);
      return postRequest('/api/v1/sessions', null, JSON.stringify({ login: handle, password }), subject);
    },
    check(request, response) {
      expectStatus(response, 201);
      const { user, token } = JSON.parse(response.body.toString()) as { user: { id: string }; token: string };
      expect(user.id === accounts[request.subject]?.id, 'a sign-in answered with another user');
      expect(token.startsWith('nova_st_'), 'a sign-in answered without a token');
    },
  }),
});
