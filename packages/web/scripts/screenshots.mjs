/**
 * `npm run screenshots -w packages/web -- <directory>` starts a Nova with demo data of its own, walks through the app
 * in Chromium, and takes a picture of each main page: light and dark, on a phone and on a desktop.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.mjs';
import { writeDemo } from './screenshot-data.mjs';

const READY_MS = 120_000;
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const THEMES = /** @type {const} */ (['light', 'dark']);

/** @typedef {import('playwright-core').Page} Page */

/**
 * @typedef {import('./screenshot-data.mjs').Demo} Demo
 * @typedef {{ name: string, path: (demo: Demo) => string, isVisitor?: true, before?: (page: Page) => Promise<void> }} Shot
 * @type {Shot[]}
 */
const SHOTS = [
  { name: 'welcome', path: () => '/', isVisitor: true },
  { name: 'sign-in', path: () => '/signin', isVisitor: true },
  {
    name: 'sign-up-errors',
    path: () => '/signup',
    isVisitor: true,
    before: async (page) => await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click(),
  },
  { name: 'home', path: () => '/' },
  {
    name: 'compose',
    path: () => '/',
    before: async (page) => {
      await page.getByRole('button', { name: 'What is on your mind?' }).click();
      await page.getByLabel('Text of the post').fill('Tea or coffee for the #morning, @ada? 🎉 見て #日本語');
      await page.getByRole('button', { name: 'Add a poll' }).click();
      await page.getByLabel('Option 1').fill('Tea');
    },
  },
  {
    name: 'menu',
    path: ({ handle }) => `/@${handle}`,
    before: async (page) => await page.getByRole('button', { name: 'More about this post' }).first().click(),
  },
  { name: 'post', path: ({ postId }) => `/posts/${postId}` },
  {
    name: 'history',
    path: ({ editedId }) => `/posts/${editedId}`,
    before: async (page) => await page.getByRole('button', { name: 'Edited' }).click(),
  },
  { name: 'profile', path: ({ otherHandle }) => `/@${otherHandle}` },
  { name: 'own-profile', path: ({ handle }) => `/@${handle}` },
  { name: 'following', path: ({ handle }) => `/@${handle}/following` },
  { name: 'drafts', path: () => '/drafts' },
  { name: 'deleted', path: () => '/drafts/deleted' },
  { name: 'settings', path: () => '/settings' },
  { name: 'appearance', path: () => '/settings/appearance' },
  { name: 'sessions', path: () => '/settings/sessions' },
  { name: 'blocked-empty', path: () => '/settings/blocks' },
  { name: 'not-found', path: () => '/nowhere' },
];

const directory = process.argv[2];
if (directory === undefined) {
  console.error('usage: npm run screenshots -w packages/web -- <directory> [name...]');
  process.exit(2);
}
// npm runs this in the package; the directory was meant where npm was called.
const target = resolve(process.env.INIT_CWD ?? '.', directory);
const wanted = process.argv.slice(3);

const data = await mkdtemp(join(tmpdir(), 'nova-screenshots-'));
const readyFile = join(data, 'ready.json');
const nova = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../server/bin/nova.mjs', import.meta.url)), 'start', '--demo', '--ready-file', readyFile],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NOVA_DATABASE_DATA_DIR: data,
      NOVA_HTTP_PORT: '0',
      NOVA_ADMIN_PORT: '0',
      NOVA_RATE_LIMIT_ENABLED: 'false',
    },
  },
);
const ended = new Promise((done) => nova.once('close', done));
let said = '';
nova.stdout.on('data', (chunk) => {
  said += chunk;
});

async function ready() {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await delay(100)) {
    const signIn = /Demo sign-in: (\S+) \/ (\S+)/.exec(said);
    if (signIn !== null && existsSync(readyFile)) {
      const { url } = JSON.parse(await readFile(readyFile, 'utf8'));
      return { url: String(url), login: signIn[1] ?? '', password: signIn[2] ?? '' };
    }
    if (nova.exitCode !== null) break;
  }
  throw new Error(`Nova did not start:\n${said}`);
}

try {
  const { url, login, password } = await ready();
  const demo = await writeDemo(url, login, password);
  await mkdir(target, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const theme of THEMES) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        const open = async (/** @type {boolean} */ isVisitor) => {
          const context = await browser.newContext({
            viewport,
            isMobile: size === 'phone',
            hasTouch: size === 'phone',
            colorScheme: theme,
            reducedMotion: 'reduce',
            locale: 'en-GB',
          });
          if (!isVisitor) {
            await context.addInitScript(`localStorage.setItem('nova.session', ${JSON.stringify(demo.session)})`);
          }
          return context;
        };
        const [visitor, member] = [await open(true), await open(false)];
        for (const { name, path, isVisitor, before } of SHOTS) {
          if (wanted.length > 0 && !wanted.includes(name)) continue;
          const page = await (isVisitor ? visitor : member).newPage();
          await page.goto(url + path(demo));
          await page.waitForLoadState('networkidle');
          await before?.(page);
          await page.waitForFunction(
            `document.querySelector('[aria-busy=true], [role=status] > .visually-hidden') === null`,
          );
          await page.screenshot({ path: join(target, `${name}-${size}-${theme}.png`) });
          await page.close();
        }
        await visitor.close();
        await member.close();
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`screenshots are in ${target}`);
} finally {
  nova.kill('SIGTERM');
  await ended;
  await rm(data, { recursive: true, force: true });
}
