import { randomBytes } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasFocus, launchBrowser, Visit } from '../fixtures/browser.js';
import { eventually } from '../fixtures/eventually.js';
import { createPost, type Member, signUp } from '../fixtures/members.js';
import { Nova } from '../fixtures/nova.js';

const PATIENTLY = { timeout: 120_000 };

let nova: Nova;
let browser: Browser;
const visits: Visit[] = [];

beforeAll(async () => {
  [nova, browser] = await Promise.all([Nova.start(), launchBrowser()]);
}, 120_000);
afterEach(async () => {
  const outcomes = await Promise.allSettled(visits.splice(0).map((visit) => visit.leave()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
});
afterAll(async () => {
  await browser?.close();
  await nova?.stop();
});

async function visit(options: Parameters<typeof Visit.begin>[2] & { readonly as?: Member } = {}): Promise<Visit> {
  const begun = await Visit.begin(browser, nova.url, options);
  visits.push(begun);
  if (options.as !== undefined) await begun.signInAs({ token: options.as.token, userId: options.as.id });
  return begun;
}

const notice = (page: Page, text: string | RegExp) => page.getByRole('region', { name: 'Notices' }).getByText(text);
const post = (page: Page, body: string) => page.getByRole('article').filter({ hasText: body });

async function signUpHere(page: Page, handle: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Make an account' }).click();
  await page.getByLabel('Name').fill(`The ${handle}`);
  await page.getByLabel('Handle').fill(handle);
  await page.getByLabel('E-mail').fill(`${handle}@example.org`);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
}

async function write(page: Page, body: string): Promise<void> {
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  await page.getByLabel('Text of the post').fill(body);
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await post(page, body).first().waitFor();
}

async function pick(page: Page, body: string, item: string): Promise<void> {
  await post(page, body).getByRole('button', { name: 'More about this post' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** What others do may be a second old in a feed. */
async function refreshUntil(page: Page, wanted: Locator): Promise<void> {
  await eventually('the feed shows it', async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    return await wanted.isVisible();
  });
}

const someHandle = (): string => `w${randomBytes(6).toString('hex')}`;

describe('two people', () => {
  it('sign up, follow, post, like, edit, delete, restore and block', PATIENTLY, async () => {
    const [{ page: adas }, { page: bobs }] = [await visit(), await visit({ size: 'phone' })];
    const [ada, bob] = [someHandle(), someHandle()];
    await signUpHere(adas, ada);
    await signUpHere(bobs, bob);
    await write(adas, `Hello 👋 @${bob}, see #日本語`);

    await bobs.goto(`/@${ada}`);
    await bobs.getByRole('button', { name: `Follow The ${ada}` }).click();
    await bobs.getByText('1 follower', { exact: true }).waitFor();
    await bobs.getByRole('link', { name: 'Home' }).click();
    const seen = post(bobs, 'Hello 👋');
    await seen.getByRole('link', { name: `@${bob}` }).waitFor();
    expect(await seen.getByRole('link', { name: '#日本語' }).getAttribute('href')).toBe(
      `/tags/${encodeURIComponent('日本語')}`,
    );
    await seen.getByRole('button', { name: 'Like, 0' }).click();
    await seen.getByRole('button', { name: 'Like, 1', pressed: true }).waitFor();

    await pick(adas, 'Hello 👋', 'Edit');
    await adas.getByLabel('Text of the post').fill('Goodbye, then');
    await adas.getByRole('button', { name: 'Save' }).click();
    await notice(adas, 'The post is changed.').waitFor();
    await post(adas, 'Goodbye, then').getByRole('button', { name: 'Edited' }).click();
    await adas.getByRole('dialog').getByText('Hello 👋').waitFor();
    await adas.getByRole('button', { name: 'Close' }).click();

    await pick(adas, 'Goodbye, then', 'Delete');
    await adas.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await post(adas, 'Goodbye, then').waitFor({ state: 'detached' });
    await refreshUntil(bobs, bobs.getByText('Your feed begins here'));
    await notice(adas, 'The post is deleted.').waitFor();
    await adas.getByRole('link', { name: 'Drafts' }).click();
    await adas.getByRole('link', { name: 'Deleted' }).click();
    await adas.getByRole('button', { name: 'Restore' }).click();
    await adas.getByText('Nothing deleted').waitFor();
    await refreshUntil(bobs, post(bobs, 'Goodbye, then').getByRole('button', { name: 'Like, 1', pressed: true }));

    await adas.goto(`/@${bob}`);
    await adas.getByRole('button', { name: `More about The ${bob}` }).click();
    await adas.getByRole('menuitem', { name: `Block @${bob}` }).click();
    await adas.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
    await notice(adas, `You block @${bob}.`).waitFor();
    await refreshUntil(bobs, bobs.getByText('Your feed begins here'));
    visits[1]?.expectRefusal(`/by-handle/${ada}`, 404);
    await bobs.goto(`/@${ada}`);
    await bobs.getByText('There is nobody of this name').waitFor();
    await adas.goto('/settings/blocks');
    await adas.getByRole('button', { name: `Unblock The ${bob}` }).click();
    await adas.getByText('You block nobody').waitFor();
  });
});

describe('a poll', () => {
  it('is made, and shows what was voted', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    const { page } = await visit({ as: ada });
    await page.goto('/');
    await page.getByRole('button', { name: 'What is on your mind?' }).click();
    await page.getByLabel('Text of the post').fill('What goes with rain?');
    await page.getByRole('button', { name: 'Add a poll' }).click();
    await page.getByLabel('Option 1').fill('Tea');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByText('Write an option, or remove it.').waitFor();
    await eventually('it has the focus', () => hasFocus(page.getByLabel('Option 2')));
    await page.getByLabel('Option 2').fill('Coffee');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    const written = post(page, 'What goes with rain?');
    await written.getByLabel('Tea').check();
    await written.getByRole('button', { name: 'Vote' }).click();
    await written.getByText('100 %').waitFor();
    await written.getByText('1 vote').waitFor();
    await page.reload();
    await written.getByText('100 %').waitFor();
  });
});

describe('drafts', () => {
  it('are kept when one leaves, gone on with, scheduled and published', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    const { page } = await visit({ as: ada });
    await page.goto('/');
    await page.getByRole('button', { name: 'What is on your mind?' }).click();
    await page.getByLabel('Text of the post').fill('Half a thought');
    await page.keyboard.press('Escape');
    await page
      .getByRole('dialog', { name: 'Keep what you wrote?' })
      .getByRole('button', { name: 'Save draft' })
      .click();
    await page.getByRole('dialog').first().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Drafts' }).click();
    await page.getByRole('button', { name: 'Half a thought' }).click();
    await page.getByRole('button', { name: 'Publish later' }).click();
    await page.getByRole('button', { name: 'Schedule' }).click();
    await notice(page, /^It will be published/).waitFor();
    await page.getByText('No drafts').waitFor();
    await page.getByRole('link', { name: 'Scheduled' }).click();
    await page.getByRole('button', { name: 'Half a thought' }).click();
    await page.getByRole('button', { name: 'Publish at once instead' }).click();
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await notice(page, 'Your post is out.').waitFor();
    await page.getByRole('link', { name: 'Home' }).click();
    await post(page, 'Half a thought').waitFor();
  });
});

describe('forms', () => {
  it('say what the server says about a field, and keep what was written', PATIENTLY, async () => {
    const taken = await signUp(nova.client);
    const visited = await visit();
    const { page } = visited;
    visited.expectRefusal('/users', 409);
    visited.expectRefusal('/sessions', 401);
    await page.goto('/signup');
    await page.getByLabel('Handle').fill(taken.handle);
    await page.getByLabel('E-mail').fill(`${someHandle()}@example.org`);
    await page.getByLabel('Password').fill('short');
    await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
    await page.getByText('Use 8 characters or more.').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
    await page.getByText('Somebody has this handle already.').waitFor();
    const handle = page.getByLabel('Handle');
    expect(await handle.getAttribute('aria-invalid')).toBe('true');
    await eventually('it has the focus', () => hasFocus(handle));
    expect(await handle.inputValue()).toBe(taken.handle);

    await page.goto('/signin');
    await page.getByLabel('Handle or e-mail').fill(taken.handle);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('No account has this name and password.').waitFor();
  });
});

describe('a session', () => {
  it('outlasts a reload, leads back to the page that asked for it, and ends in all tabs', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    const { page } = await visit();
    await page.goto('/settings');
    await page.getByText('Sign in to see this page.').waitFor();
    await page.getByLabel('Handle or e-mail').fill(ada.login);
    await page.getByLabel('Password').fill(ada.password);
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('About you').fill('Writes.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.reload();
    await eventually(
      'the profile is loaded',
      async () => (await page.getByLabel('About you').inputValue()) === 'Writes.',
    );

    const other = await page.context().newPage();
    await other.goto('/');
    await other.getByRole('heading', { name: 'Home' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: /good company/ }).waitFor();
    await other.getByRole('heading', { name: /good company/ }).waitFor();
  });
});

describe('what goes wrong', () => {
  it('is said, and can be tried again', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    await createPost(nova.client, ada, 'Still here');
    const visited = await visit({ as: ada });
    const { page } = visited;
    visited.expectRefusal('/feed', 500);
    const problem = { type: '', title: 'Broken', status: 500, code: 'internal', requestId: 'r-1', retryable: false };
    await page.route('**/api/v1/feed*', async (route) => {
      await route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await page.goto('/');
    await page.getByRole('alert').getByText('Reference r-1').waitFor();
    await page.unroute('**/api/v1/feed*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await post(page, 'Still here').waitFor();
  });

  it('takes back a like that the server has refused', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    await createPost(nova.client, ada, 'Like this');
    const visited = await visit({ as: ada });
    const { page } = visited;
    visited.expectRefusal('/like', 422);
    const problem = {
      type: '',
      title: 'No',
      detail: 'Not today',
      status: 422,
      code: 'forbidden',
      requestId: 'r',
      retryable: false,
    };
    await page.route('**/like', async (route) => {
      await route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await page.goto('/');
    await post(page, 'Like this').getByRole('button', { name: 'Like, 0' }).click();
    await notice(page, 'Not today').waitFor();
    await post(page, 'Like this').getByRole('button', { name: 'Like, 0', pressed: false }).waitFor();
  });

  it('has a page for addresses that lead nowhere', PATIENTLY, async () => {
    const visited = await visit();
    visited.expectRefusal('/api/v1/posts/', 404);
    await visited.page.goto('/nowhere/at/all');
    await visited.page.getByText('There is no such page').waitFor();
    await visited.page.goto('/posts/0198c0de-0000-7000-8000-000000000000');
    await visited.page.getByText('This post is not here').waitFor();
  });
});

describe('what people write', () => {
  it('is shown as text, whatever it is', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    const body =
      '<img src=x onerror="document.title=1"><script>alert(1)</script> javascript:alert(2) https://example.org/?a=<b>';
    await createPost(nova.client, ada, body);
    const { page } = await visit({ as: ada });
    await page.goto('/');
    const written = post(page, 'onerror');
    await written.waitFor();
    expect(await written.getByRole('paragraph').first().textContent()).toBe(body.replace('https://', ''));
    expect(await written.locator('p img, p script').count()).toBe(0);
    const link = written.locator('p a');
    const links = await Promise.all(['href', 'rel', 'target'].map((name) => link.getAttribute(name)));
    expect(links).toEqual(['https://example.org/?a=', 'noopener noreferrer nofollow ugc', '_blank']);
  });
});

describe('a long list', () => {
  it('goes on by the button, which hands the focus to what it has brought', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    for (let number = 1; number <= 45; number++) await createPost(nova.client, ada, `number ${number}`);
    const { page } = await visit({ as: ada });
    // Without what notices that the end comes near: keyboards and screen readers do not scroll.
    await page.addInitScript('window.IntersectionObserver = class { observe() {} disconnect() {} }');
    await page.goto('/');
    const items = page
      .getByRole('list', { name: 'Home feed' })
      .getByRole('listitem')
      .filter({ has: page.getByRole('article') });
    await eventually('the first page is there', async () => (await items.count()) === 20);
    await page.getByRole('button', { name: 'Load more' }).press('Enter');
    await eventually('the second page is there', async () => (await items.count()) === 40);
    await eventually('the first of it has the focus', () => hasFocus(items.nth(20)));
    await page.getByRole('button', { name: 'Load more' }).press('Enter');
    await page.getByText('45 shown, that is all').waitFor({ state: 'attached' });
    expect(await page.getByRole('button', { name: 'Load more' }).count()).toBe(0);
  });

  it('goes on by itself, and is where it was when one comes back', PATIENTLY, async () => {
    const ada = await signUp(nova.client);
    for (let number = 1; number <= 45; number++) await createPost(nova.client, ada, `number ${number}`);
    const { page } = await visit({ as: ada, size: 'phone' });
    await page.goto('/');
    await post(page, 'number 45').waitFor();
    await eventually('all are loaded', async () => {
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      return (await page.getByRole('article').count()) === 45;
    });
    await post(page, 'number 7').locator('time').hover();
    const before = await page.evaluate<number>('window.scrollY');
    await post(page, 'number 7').locator('time').click();
    await page.getByRole('heading', { name: /post$/ }).waitFor();
    expect(await page.evaluate<number>('window.scrollY')).toBe(0);
    await page.getByRole('button', { name: 'Back' }).click();
    await post(page, 'number 7').first().waitFor();
    expect(Math.abs((await page.evaluate<number>('window.scrollY')) - before)).toBeLessThan(50);
  });
});
