import { type Random, sample } from '../measure/random.js';
import { ApiClient } from './api-client.js';

/** A user that the bench signed up. */
export interface Member {
  readonly id: string;
  readonly handle: string;
  readonly password: string;
  readonly token: string;
  /** Whom the member follows. */
  readonly followees: readonly string[];
}

interface SignedUp {
  readonly user: { readonly id: string };
  readonly token: string;
}

export interface SignUpOptions {
  readonly url: string;
  readonly random: Random;
  /** First part of the handles: letters, digits and `_`, 20 at most. */
  readonly prefix: string;
  readonly count: number;
  /** Whom they may follow, and how many each follows. */
  readonly candidates: readonly string[];
  readonly follows: number;
}

const CONCURRENCY = 8;

/** Signs users up over the API, each following a sample of the candidates. */
export async function signUpMembers(options: SignUpOptions): Promise<Member[]> {
  const { url, random, prefix, count, candidates, follows } = options;
  const plans = Array.from({ length: count }, (_, index) => ({
    index,
    handle: `${prefix}_${index}`,
    followees: sample(random, candidates, follows),
  }));
  const members: Member[] = [];
  const work = async () => {
    const api = new ApiClient(url);
    try {
      for (let plan = plans.pop(); plan !== undefined; plan = plans.pop()) {
        const { index, handle, followees } = plan;
        const password = `bench-${handle}-password`;
        const body = { handle, email: `${handle}@example.com`, password };
        const { user, token } = await api.post<SignedUp>('/api/v1/users', null, body);
        for (const followee of followees) await api.put(`/api/v1/users/${followee}/follow`, token);
        members[index] = { id: user.id, handle, password, token, followees };
      }
    } finally {
      api.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, work));
  return members;
}
