import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessibilityProblems,
  hasFocus,
  isOutlined,
  launchBrowser,
  type Size,
  sidewaysOverflow,
  type Theme,
  Visit,
} from '../fixtures/browser.js';
import { createPost, type Member, type Post, signUp } from '../fixtures/members.js';
import { Nova } from '../fixtures/nova.js';

const PATIENTLY = { timeout: 180_000 };

let nova: Nova;
let browser: Browser;
let ada: Member;
let bob: Member;
let poll: Post;

beforeAll(async () => {
  [nova, browser] = await Promise.all([Nova.start(), launchBrowser()]);
  const { client } = nova;
  [ada, bob] = await Promise.all([signUp(client), signUp(client)]);
  const { token } = ada;
  await client.expect(200, 'PUT', `/users/${bob.id}/follow`, { token });
  await client.expect(200, 'PATCH', '/me', { token, body: { bio: `${'Unbreakable'.repeat(20)} بالعربية` } });
  await createPost(client, bob, `${'Long'.repeat(200)} #${'tag'.repeat(30)} https://example.org/${'path/'.repeat(60)}`);
  const edited = await createPost(client, ada, `Hello @${bob.handle} 👋`);
  await client.expect(200, 'PATCH', `/posts/${edited.id}`, { token, body: { body: `Goodbye @${bob.handle}` } });
  const deleted = await createPost(client, ada, 'Gone');
  await client.expect(204, 'DELETE', `/posts/${deleted.id}`, { token });
  poll = await client.expect<Post>(201, 'POST', '/posts', {
    token,
    body: { body: 'Which? #poll', poll: { options: ['One', 'W'.repeat(100)], durationSeconds: 86_400 } },
  });
  await client.expect(201, 'POST', '/drafts', { token, body: { body: 'A draft' } });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await nova?.stop();
});

/** Every kind of page, and what is done there first. */
const PAGES: readonly (readonly [name: string, address: () => string, before?: (page: Page) => Promise<void>])[] = [
  ['home', () => '/'],
  ['a post with a poll', () => `/posts/${poll.id}`],
  ['a profile', () => `/@${bob.handle}`],
  ['your profile', () => `/@${ada.handle}`],
  ['followers', () => `/@${bob.handle}/followers`],
  ['a hashtag', () => '/tags/poll'],
  ['drafts', () => '/drafts'],
  ['scheduled posts', () => '/drafts/scheduled'],
  ['deleted posts', () => '/drafts/deleted'],
  ['the profile settings', () => '/settings'],
  ['appearance', () => '/settings/appearance'],
  ['sessions', () => '/settings/sessions'],
  ['blocked people', () => '/settings/blocks'],
  ['more', () => '/more'],
  ['a page that is not there', () => '/nowhere'],
  [
    'writing',
    () => '/',
    async (page) => {
      await page.getByRole('button', { name: 'What is on your mind?' }).click();
      await page.getByLabel('Text of the post').fill('Hello #world @ada');
      await page.getByRole('button', { name: 'Add a poll' }).click();
      await page.getByRole('button', { name: 'Publish later' }).click();
      await page.getByRole('button', { name: 'Schedule' }).click();
      await page.getByText('Write an option, or remove it.').first().waitFor();
    },
  ],
  [
    'a menu',
    () => `/posts/${poll.id}`,
    async (page) => await page.getByRole('button', { name: 'More about this post' }).click(),
  ],
  [
    'a question',
    () => `/@${bob.handle}`,
    async (page) => {
      await page.getByRole('button', { name: `More about ${bob.handle}` }).click();
      await page.getByRole('menuitem', { name: /^Block/ }).click();
    },
  ],
];
const VISITORS: typeof PAGES = [
  ['the front page', () => '/'],
  ['signing in', () => '/signin'],
  [
    'signing up, with everything wrong',
    () => '/signup',
    async (page) => {
      await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click();
      await page.getByText('Enter an e-mail address.').waitFor();
    },
  ],
  ['a post', () => `/posts/${poll.id}`],
];

const LOOKS: readonly (readonly [Size, Theme])[] = [
  ['phone', 'light'],
  ['phone', 'dark'],
  ['desktop', 'light'],
  ['desktop', 'dark'],
];

describe.each(LOOKS)('on a %s, %s', (size, theme) => {
  it.each([
    ['members', PAGES],
    ['visitors', VISITORS],
  ] as const)('no page for %s has a serious finding or goes out of the screen', PATIENTLY, async (who, pages) => {
    const visit = await Visit.begin(browser, nova.url, { size, theme });
    if (who === 'members') await visit.signInAs({ token: ada.token, userId: ada.id });
    const findings: string[] = [];
    for (const [name, address, before] of pages) {
      await visit.open(address());
      await before?.(visit.page);
      for (const problem of await accessibilityProblems(visit.page)) findings.push(`${name}: ${problem}`);
      const overflow = await sidewaysOverflow(visit.page);
      if (overflow > 0) findings.push(`${name}: ${overflow} px stand out to the side`);
    }
    expect(findings).toEqual([]);
    await visit.leave();
  });
});

it('a chosen theme holds over a reload, whatever the system has', PATIENTLY, async () => {
  const visit = await Visit.begin(browser, nova.url, { theme: 'light' });
  const { page } = visit;
  const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  await visit.open('/settings/appearance');
  const light = await ground();
  await page.getByLabel('Dark').check();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await ground()).toBe(dark);
  await page.getByLabel('As the system').check();
  expect(await ground()).toBe(light);
  await visit.leave();
});

describe('with the keyboard alone', () => {
  /** Presses Tab until this has the focus, as somebody does who looks for it. */
  async function tabTo(page: Page, role: string, name: string | RegExp): Promise<void> {
    const wanted = page.getByRole(role as 'button', { name, exact: true }).first();
    await wanted.waitFor();
    for (let presses = 0; presses < 60; presses++) {
      if (await hasFocus(wanted)) {
        if (role !== 'textbox' && !(await isOutlined(wanted)))
          throw new Error(`nobody sees that ${name} has the focus`);
        return;
      }
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${role} ${name}`);
  }
  const isOn = (page: Page, name: string) =>
    page.evaluate<boolean>(
      `((document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim()) === ${JSON.stringify(name)})`,
    );

  it('signs in, writes, goes through a menu, edits, deletes, takes back and signs out', PATIENTLY, async () => {
    const cora = await signUp(nova.client);
    const visit = await Visit.begin(browser, nova.url);
    const { page } = visit;
    const { keyboard } = page;
    await visit.open('/signin');
    await keyboard.press('Tab');
    expect(await isOn(page, 'Skip to content')).toBe(true);
    await keyboard.press('Enter');
    await tabTo(page, 'textbox', 'Handle or e-mail');
    await keyboard.type(cora.login);
    await keyboard.press('Tab');
    await keyboard.type(cora.password);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Home' }).waitFor();

    await tabTo(page, 'button', 'Write a post');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // The focus stays inside, however often one presses.
    for (let presses = 0; presses < 25; presses++) {
      await keyboard.press('Tab');
      const isOut = await page.evaluate<boolean>(
        'document.activeElement !== document.body && !document.querySelector("dialog").contains(document.activeElement)',
      );
      expect(isOut).toBe(false);
    }
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await isOn(page, 'Write a post')).toBe(true);
    await keyboard.press('Enter');
    await tabTo(page, 'textbox', 'Text of the post');
    await keyboard.type('By keyboard #alone');
    await tabTo(page, 'button', 'Post');
    await keyboard.press('Enter');
    await page.getByRole('article').filter({ hasText: 'By keyboard' }).waitFor();

    await tabTo(page, 'button', 'More about this post');
    await keyboard.press('Enter');
    expect(await isOn(page, 'Copy link')).toBe(true);
    await keyboard.press('ArrowDown');
    expect(await isOn(page, 'Edit')).toBe(true);
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    expect(await isOn(page, 'Delete')).toBe(true);
    await keyboard.press('Escape');
    expect(await isOn(page, 'More about this post')).toBe(true);
    await keyboard.press('Enter');
    await keyboard.press('End');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Delete this post?' }).waitFor();
    await tabTo(page, 'button', 'Delete');
    await keyboard.press('Enter');
    await tabTo(page, 'button', 'Undo');
    await keyboard.press('Enter');
    await page.getByRole('article').filter({ hasText: 'By keyboard' }).waitFor();

    await tabTo(page, 'link', 'Settings');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await isOn(page, 'Settings')).toBe(true);
    await tabTo(page, 'button', 'Sign out');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: /good company/ }).waitFor();
    await visit.leave();
  });
});
