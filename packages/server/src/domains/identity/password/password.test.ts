import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MailingApps,
  type NewMember,
  outcomeOf,
  startMailingApps,
  tokenIn,
} from '../../../testing/mailing-app.js';
import { untilConsumed } from '../../../testing/row-checksums.js';
import { until } from '../../../testing/smtp-sink.js';
import type { TestApp } from '../../../testing/test-app.js';
import { connectTo } from '../../../testing/test-cluster.js';

/*
 * Passwords are changed by those who know them and reset by those who read the mail of the account: over the wire, on
 * two processes, with a real mail server.
 */

let world: MailingApps;
let superuser: Awaited<ReturnType<typeof connectTo>>;

beforeAll(async () => {
  world = await startMailingApps();
  superuser = await connectTo(world.database.superuserUrl);
}, 120_000);
afterAll(async () => {
  await superuser?.end();
  await world?.close();
});

const ask = (email: string, app: TestApp = world.apps[0], options: object = {}) =>
  app.rest('POST', '/password-resets', { body: { email }, ...options });
const confirm = (token: string, password = 'a new password', options: object = {}) =>
  world.apps[0].rest('POST', '/password-resets/confirm', { body: { token, password }, ...options });
const signIn = ({ handle }: NewMember, password: string, app: TestApp = world.apps[0]) =>
  app.rest('POST', '/sessions', { body: { login: handle, password } });
const isGood = async (token: string, app: TestApp) => (await app.rest('GET', '/me', { token })).status === 200;

/** I12, with the second measured where it is promised: `revocation-watch.test.ts`. */
const whenEnded = (token: string, app: TestApp) =>
  until(
    async () => !(await isGood(token, app)),
    5_000,
    () => 'the session goes on',
  );

async function resetTokenOf(member: NewMember, mails = 2): Promise<string> {
  expect(outcomeOf(await ask(member.email))).toBe('204 ');
  return tokenIn((await world.mailsTo(member.email, mails)).at(-1));
}

describe('a reset', () => {
  it('sets the password, ends every session on every process, verifies the address and tells it', async () => {
    const member = await world.newMember();
    const second = (await signIn(member, member.password, world.apps[1])).body.token;
    for (const app of world.apps)
      for (const token of [member.token, second]) expect(await isGood(token, app)).toBe(true);
    const token = await resetTokenOf(member);
    expect((await world.mailsTo(member.email, 2))[1]?.text).toContain(
      'https://app.example/account/reset-password#token=',
    );
    expect(outcomeOf(await confirm(token))).toBe('204 ');
    for (const app of world.apps) for (const session of [member.token, second]) await whenEnded(session, app);
    expect(outcomeOf(await signIn(member, member.password))).toBe('401 invalid_credentials');
    const answer = await signIn(member, 'a new password');
    expect(outcomeOf(answer)).toBe('201 ');
    const { body } = await world.apps[1].rest('GET', '/me', { token: answer.body.token });
    expect(body).toMatchObject({ emailVerified: true });
    const [, , notice] = await world.mailsTo(member.email, 3);
    expect(notice?.headers['subject']).toBe('Your password was changed');
  });

  it('over GraphQL as well', async () => {
    const member = await world.newMember();
    const request = `mutation { requestPasswordReset(email: "${member.email}") }`;
    expect((await world.apps[1].graphql(request)).body.data).toEqual({ requestPasswordReset: true });
    const token = tokenIn((await world.mailsTo(member.email, 2))[1]);
    const document = 'mutation ($token: String!) { confirmPasswordReset(token: $token, password: "a new password") }';
    const answer = await world.apps[1].graphql(document, { variables: { token } });
    expect(answer.body.data).toEqual({ confirmPasswordReset: true });
    expect(outcomeOf(await signIn(member, 'a new password'))).toBe('201 ');
  });

  /** Seeded bug: look whether the token is good, then note that it was used. */
  it('happens for one of many at once', async () => {
    const member = await world.newMember();
    const token = await resetTokenOf(member);
    const passwords = Array.from({ length: 8 }, (_, index) => `a new password ${index}`);
    const answers = await Promise.all(passwords.map((password) => confirm(token, password)));
    expect(answers.map(outcomeOf).sort()).toEqual(['204 ', ...Array.from({ length: 7 }, () => '400 link_invalid')]);
    const won = passwords[answers.findIndex(({ status }) => status === 204)] ?? '';
    expect(outcomeOf(await signIn(member, won))).toBe('201 ');
  });

  it('is refused alike for tokens that are made up, used, expired, replaced, of another tenant or purpose', async () => {
    const members = await Promise.all(Array.from({ length: 4 }, () => world.newMember()));
    const [used, expired, replaced, foreign] = members as [NewMember, NewMember, NewMember, NewMember];
    const tokens: string[] = [];
    for (const member of members) tokens.push(await resetTokenOf(member));
    const [usedToken, expiredToken, replacedToken, foreignToken] = tokens as [string, string, string, string];
    await confirm(usedToken);
    await superuser.query(`update nova.account_tokens set expires_at = now() where user_id = '${expired.id}'`);
    const latest = await resetTokenOf(replaced, 3);
    const tenant = await world.apps[0].nova.createTenant({ name: 'another', plan: 'pro' });
    const answers = await Promise.all([
      confirm(`nova_pr_${'A'.repeat(43)}`),
      confirm(usedToken, 'yet another one'),
      confirm(expiredToken),
      confirm(replacedToken),
      confirm(foreignToken, 'a new password', { key: tenant.publishableKey }),
      confirm(foreign.verificationToken),
    ]);
    expect(answers.map(outcomeOf)).toEqual(Array.from({ length: 6 }, () => '400 link_invalid'));
    expect(new Set(answers.map(({ body: { requestId: _, ...rest } }) => JSON.stringify(rest))).size).toBe(1);
    for (const member of [expired, replaced, foreign]) {
      expect(outcomeOf(await signIn(member, member.password))).toBe('201 ');
    }
    expect(outcomeOf(await signIn(used, 'a new password'))).toBe('201 ');
    // What is good still works.
    expect(outcomeOf(await confirm(latest))).toBe('204 ');
    expect(outcomeOf(await confirm(foreignToken))).toBe('204 ');
  });

  it('does not hash a password for a made-up token', async () => {
    const { queries } = await world.apps[0].queriesOf(() => confirm(`nova_pr_${'B'.repeat(43)}`));
    expect(queries.filter((name) => /^identity\.(?!revocationsSince|mail)/.test(name))).toEqual(['identity.goodToken']);
  });
});

describe('asking for a reset (no oracle)', () => {
  /** Seeded bugs: an event, a token or a mail only where there is an account; a limit that only accounts have. */
  it('answers the same after the same statements, whoever has the address', async () => {
    const known = await world.newMember();
    const passwordless = await world.newMember();
    await superuser.query(`delete from nova.credentials where user_id = '${passwordless.id}'`);
    const deleted = await world.newMember();
    await superuser.query(`update nova.users set deleted_at = now() where id = '${deleted.id}'`);
    await untilConsumed(superuser);
    const answers: string[] = [];
    const work: string[] = [];
    for (const email of [known.email, passwordless.email, deleted.email, 'nobody@example.org', 'NOBODY2@example.org']) {
      const { result, queries } = await world.apps[0].queriesOf(() => ask(email));
      answers.push(JSON.stringify([result.status, result.body]));
      // What the consumer does is done whenever it gets to it, in whichever process.
      work.push(
        queries
          .filter(
            (name) =>
              !/^identity\.mail|^mail\.|^outbox\.(?!insertEvents)|Since$|^tenancy\.openTenants$|^content\.leaseDue/.test(
                name,
              ),
          )
          .join(),
      );
    }
    expect(new Set(answers)).toEqual(new Set(['[204,null]']));
    expect(new Set(work)).toEqual(new Set(['identity.passwordUserByEmail,outbox.insertEvents']));
    await untilConsumed(superuser);
    expect(await world.mailsTo(known.email, 2)).toHaveLength(2);
    for (const { email } of [passwordless, deleted]) expect(await world.mailsTo(email, 1)).toHaveLength(1);
    expect(world.sink.asked.filter((to) => to.startsWith('nobody'))).toEqual([]);
  });

  it('is bounded alike for what is there and what is not', async () => {
    const known = await world.newMember();
    const codes = async (email: string) => {
      const found: string[] = [];
      for (let index = 0; index < 6; index += 1) found.push(outcomeOf(await ask(email, world.apps[1])));
      return found;
    };
    const expected = [...Array.from({ length: 5 }, () => '204 '), '429 rate_limited'];
    expect(await codes(known.email)).toEqual(expected);
    expect(await codes('not.there@example.org')).toEqual(expected);
    // Another process counts by itself; what is sent is counted in the database.
    for (let index = 0; index < 3; index += 1) await ask(known.email);
    await untilConsumed(superuser);
    expect(await world.mailsTo(known.email, 6)).toHaveLength(6);
    // The latest one works, whichever came last: two that are sent at once may pass each other.
    const outcomes: string[] = [];
    for (const mail of (await world.mailsTo(known.email, 6)).slice(1))
      outcomes.push(outcomeOf(await confirm(tokenIn(mail))));
    expect(outcomes.sort()).toEqual(['204 ', ...Array.from({ length: 4 }, () => '400 link_invalid')]);
  });
});

describe('a change of password', () => {
  const change = (token: string, currentPassword: string, newPassword: string, app: TestApp = world.apps[0]) =>
    app.rest('PUT', '/me/password', { token, body: { currentPassword, newPassword } });

  it('needs the current one, ends all other sessions everywhere, keeps this one, and ends links of resets', async () => {
    const member = await world.newMember();
    const other = (await signIn(member, member.password, world.apps[1])).body.token;
    for (const app of world.apps) expect(await isGood(other, app)).toBe(true);
    const reset = await resetTokenOf(member);
    expect(outcomeOf(await change(member.token, 'wrong one', 'a new password'))).toBe('403 wrong_password');
    expect(await isGood(other, world.apps[0])).toBe(true);
    expect(outcomeOf(await change(member.token, member.password, 'a new password'))).toBe('204 ');
    for (const app of world.apps) {
      await whenEnded(other, app);
      expect(await isGood(member.token, app)).toBe(true);
    }
    expect(outcomeOf(await confirm(reset))).toBe('400 link_invalid');
    expect(outcomeOf(await signIn(member, member.password))).toBe('401 invalid_credentials');
    expect(outcomeOf(await signIn(member, 'a new password'))).toBe('201 ');
  });

  it('by two at once is one change', async () => {
    const member = await world.newMember();
    const passwords = ['a new password 0', 'a new password 1'];
    const answers = await Promise.all(passwords.map((password) => change(member.token, member.password, password)));
    expect(answers.map(outcomeOf).sort()).toEqual(['204 ', '403 wrong_password']);
    const won = passwords[answers.findIndex(({ status }) => status === 204)] ?? '';
    expect(outcomeOf(await signIn(member, won))).toBe('201 ');
  });

  it('bounds guesses, those at once included', async () => {
    const member = await world.newMember();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => change(member.token, `guess ${index}`, 'a new password')),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(outcomeOf(await change(member.token, member.password, 'a new password'))).toBe('429 rate_limited');
  });
});
