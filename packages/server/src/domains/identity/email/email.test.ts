import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MailingApps,
  mailEnvironment,
  outcomeOf,
  startMailingApps,
  tokenIn,
} from '../../../testing/mailing-app.js';
import { dumpRows, untilConsumed } from '../../../testing/row-checksums.js';
import { until } from '../../../testing/smtp-sink.js';
import { startTestApp } from '../../../testing/test-app.js';
import { connectTo } from '../../../testing/test-cluster.js';

/*
 * Addresses are the user's when a mail to them was answered: over the wire, on two processes, with a real mail server.
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

const me = async (token: string) => (await world.apps[1].rest('GET', '/me', { token })).body;
const verify = (token: string, options: object = {}) =>
  world.apps[0].rest('POST', '/email-verifications', { body: { token }, ...options });
const resend = (token: string) => world.apps[0].rest('POST', '/me/email/verification', { token, body: {} });
const change = (token: string, email: string, password: string) =>
  world.apps[0].rest('PUT', '/me/email', { token, body: { email, password } });

describe('sign-up', () => {
  it('sends one mail, whose link verifies the address once', async () => {
    const member = await world.newMember();
    expect(await me(member.token)).toMatchObject({ email: member.email, emailVerified: false, pendingEmail: null });
    const [mail] = await world.mailsTo(member.email, 1);
    expect(mail?.headers['subject']).toBe('Confirm your e-mail address');
    expect(mail?.text).toContain('https://app.example/account/verify-email#token=nova_ev_');
    expect(outcomeOf(await verify(member.verificationToken))).toBe('204 ');
    expect(await me(member.token)).toMatchObject({ email: member.email, emailVerified: true });
    expect(outcomeOf(await verify(member.verificationToken))).toBe('400 link_invalid');
    await untilConsumed(superuser);
    expect(await world.mailsTo(member.email, 1)).toHaveLength(1);
  });

  it('over GraphQL as well', async () => {
    const { token, email, verificationToken } = await world.newMember();
    const answer = await world.apps[1].graphql('mutation ($token: String!) { verifyEmail(token: $token) }', {
      variables: { token: verificationToken },
    });
    expect(answer.body.data).toEqual({ verifyEmail: true });
    const { body } = await world.apps[0].graphql('{ getMe { email emailVerified pendingEmail } }', { token });
    expect(body.data.getMe).toEqual({ email, emailVerified: true, pendingEmail: null });
  });
});

/** Seeded bug: a mail that leaves before the place of the consumer is stored, or a place that is stored first. */
it('is one mail for each sign-up, however often those who send are stopped in the middle', {
  timeout: 120_000,
}, async () => {
  const { database, apps } = world;
  const handles: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const app = await startTestApp({ database, env: mailEnvironment(world.sink) });
    const some = Array.from({ length: 5 }, (_, index) => `stopped_${round}_${index}`);
    handles.push(...some);
    await Promise.all(some.map((handle) => app.signUp(handle)));
    await app.close();
  }
  // Whatever is left when the last is gone is done by the others.
  expect(apps).toHaveLength(2);
  for (const handle of handles) await world.mailsTo(`${handle}@example.org`, 1);
  await untilConsumed(superuser);
  for (const handle of handles) expect(await world.mailsTo(`${handle}@example.org`, 1)).toHaveLength(1);
});

describe('a token', () => {
  /** Seeded bug: look whether it is good, then note that it was used. */
  it('works for one of many at once, on either process', async () => {
    const member = await world.newMember();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        world.apps[index % 2 === 0 ? 0 : 1].rest('POST', '/email-verifications', {
          body: { token: member.verificationToken },
        }),
      ),
    );
    expect(answers.map(outcomeOf).sort()).toEqual(['204 ', ...Array.from({ length: 9 }, () => '400 link_invalid')]);
  });

  it('is refused alike when it is made up, expired, replaced, of another tenant or of another purpose', async () => {
    const [expired, replaced, foreign] = await Promise.all([world.newMember(), world.newMember(), world.newMember()]);
    await superuser.query(`update nova.account_tokens set expires_at = now() where user_id = '${expired.id}'`);
    await resend(replaced.token);
    const [, second] = await world.mailsTo(replaced.email, 2);
    const tenant = await world.apps[0].nova.createTenant({ name: 'another', plan: 'pro' });
    const resets = await world.apps[0].rest('POST', '/password-resets', { body: { email: foreign.email } });
    expect(outcomeOf(resets)).toBe('204 ');
    const [, reset] = await world.mailsTo(foreign.email, 2);
    const answers = await Promise.all([
      verify(`nova_ev_${'A'.repeat(43)}`),
      verify(expired.verificationToken),
      verify(replaced.verificationToken),
      verify(foreign.verificationToken, { key: tenant.publishableKey }),
      verify(tokenIn(reset)),
    ]);
    const told = answers.map(({ body: { requestId: _, ...rest } }) => JSON.stringify(rest));
    expect(answers.map(outcomeOf)).toEqual(Array.from({ length: 5 }, () => '400 link_invalid'));
    expect(new Set(told).size).toBe(1);
    for (const { token } of [expired, replaced, foreign])
      expect(await me(token)).toMatchObject({ emailVerified: false });
    // What is good still works.
    expect(outcomeOf(await verify(tokenIn(second)))).toBe('204 ');
    expect(outcomeOf(await verify(foreign.verificationToken))).toBe('204 ');
  });

  /** Seeded bug: a token, or what it can be made of without the secret key, in a row or an event. */
  it('is nowhere in the database, nor is its link, before and after the mail has left', async () => {
    world.sink.refuse = (_command, to) => (to.startsWith('waiting') ? { code: 450, text: 'later' } : undefined);
    const member = await world.newMember();
    await change(member.token, 'waiting@example.org', member.password);
    await until(() => world.sink.asked.includes('waiting@example.org'));
    const rows = await dumpRows(
      superuser,
      (await superuser.query('select tenant_id from nova.mails')).rows[0].tenant_id,
    );
    expect(rows.filter(({ table }) => table === 'mails')).not.toEqual([]);
    const bare = member.verificationToken.slice(8);
    const bytes = Buffer.from(bare, 'base64url').toString('hex');
    expect(rows.filter(({ row }) => row.includes(bare) || row.includes(bytes) || row.includes('#token='))).toEqual([]);
    expect(rows.filter(({ row }) => /nova_(ev|pr)_/.test(row))).toEqual([]);
    // Events name ids only.
    const { rows: events } = await superuser.query(`select payload::text as payload from nova.outbox`);
    expect(events.filter(({ payload }) => payload.includes('@'))).toEqual([]);
    world.sink.refuse = () => undefined;
    await superuser.query('update nova.mails set due_at = now()');
    const [mail] = await world.mailsTo('waiting@example.org', 1);
    expect(outcomeOf(await verify(tokenIn(mail)))).toBe('204 ');
  });
});

describe('another address', () => {
  it('is the user’s when the mail to it is answered, and not before; the old one is told', async () => {
    const member = await world.newMember();
    await verify(member.verificationToken);
    const email = `new.${member.email}`;
    const answer = await change(member.token, ` New.${member.email.toUpperCase()} `, member.password);
    expect(answer.body).toMatchObject({ email: member.email, emailVerified: true, pendingEmail: email });
    const signIn = (login: string) =>
      world.apps[0].rest('POST', '/sessions', { body: { login, password: member.password } });
    expect(outcomeOf(await signIn(email))).toBe('401 invalid_credentials');
    const [mail] = await world.mailsTo(email, 1);
    expect(await world.mailsTo(member.email, 1)).toHaveLength(1);
    expect(outcomeOf(await verify(tokenIn(mail)))).toBe('204 ');
    expect(await me(member.token)).toMatchObject({ email, emailVerified: true, pendingEmail: null });
    const [, notice] = await world.mailsTo(member.email, 2);
    expect(notice?.headers['subject']).toBe('Your e-mail address was changed');
    expect(notice?.text).not.toContain(email);
    expect(outcomeOf(await signIn(email))).toBe('201 ');
    expect(outcomeOf(await signIn(member.email))).toBe('401 invalid_credentials');
  });

  it('needs the password, guesses at which are bounded', async () => {
    const member = await world.newMember();
    const codes: string[] = [];
    for (let index = 0; index < 21; index += 1)
      codes.push(outcomeOf(await change(member.token, 'x@example.org', 'no')));
    expect(codes).toEqual([...Array.from({ length: 20 }, () => '403 wrong_password'), '429 rate_limited']);
    expect(outcomeOf(await change(member.token, 'x@example.org', member.password))).toBe('429 rate_limited');
    expect(await me(member.token)).toMatchObject({ pendingEmail: null });
  });

  it('that somebody else has is told to those who can read its mail only', async () => {
    const [owner, other] = [await world.newMember(), await world.newMember()];
    const asked = await change(other.token, owner.email, other.password);
    await world.mailsTo(owner.email, 2);
    const free = await change(other.token, 'free@example.org', other.password);
    expect([asked.status, free.status]).toEqual([200, 200]);
    await change(other.token, owner.email, other.password);
    const mails = await world.mailsTo(owner.email, 3);
    expect(outcomeOf(await verify(tokenIn(mails.at(-1))))).toBe('409 email_taken');
    expect(await me(other.token)).toMatchObject({ email: other.email, pendingEmail: owner.email });
    // The present address takes it back, and the link with it.
    expect((await change(other.token, other.email, other.password)).body.pendingEmail).toBeNull();
    expect(outcomeOf(await verify(tokenIn(mails.at(-1))))).toBe('400 link_invalid');
  });

  it('ends the links to a new password that went to the old one', async () => {
    const member = await world.newMember();
    await world.apps[0].rest('POST', '/password-resets', { body: { email: member.email } });
    const [, reset] = await world.mailsTo(member.email, 2);
    const email = `later.${member.email}`;
    await change(member.token, email, member.password);
    const [mail] = await world.mailsTo(email, 1);
    await verify(tokenIn(mail));
    const body = { token: tokenIn(reset), password: 'taken over' };
    expect(outcomeOf(await world.apps[0].rest('POST', '/password-resets/confirm', { body }))).toBe('400 link_invalid');
  });
});

describe('asking for the mail again', () => {
  it('has a limit, of the process and, over all of them, of what is sent', async () => {
    const member = await world.newMember();
    const ask = async (index: 0 | 1) =>
      outcomeOf(await world.apps[index].rest('POST', '/me/email/verification', { token: member.token, body: {} }));
    const codes: string[] = [];
    for (let index = 0; index < 6; index += 1) codes.push(await ask(0));
    expect(codes).toEqual([...Array.from({ length: 5 }, () => '204 '), '429 rate_limited']);
    expect(await ask(1)).toBe('204 ');
    await untilConsumed(superuser);
    expect(await world.mailsTo(member.email, 5)).toHaveLength(5);
    // The latest one works, and only it, whichever came last: two that are sent at once may pass each other.
    const mails = await world.mailsTo(member.email, 5);
    const outcomes: string[] = [];
    for (const mail of mails) outcomes.push(outcomeOf(await verify(tokenIn(mail))));
    expect(outcomes.sort()).toEqual(['204 ', ...Array.from({ length: 4 }, () => '400 link_invalid')]);
  });

  it('sends nothing when there is nothing to verify', async () => {
    const member = await world.newMember();
    await verify(member.verificationToken);
    expect(outcomeOf(await resend(member.token))).toBe('204 ');
    await untilConsumed(superuser);
    expect(await world.mailsTo(member.email, 1)).toHaveLength(1);
  });
});
