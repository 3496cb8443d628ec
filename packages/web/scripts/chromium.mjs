/** Opens the Chromium of this machine for screenshots: headless, and calling nobody by itself. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export async function launchChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const file = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`none of ${NAMES.join(', ')} is on the path: apt-get install chromium`);
  const isRoot = process.getuid?.() === 0;
  return await chromium.launch({
    executablePath: file,
    args: ['--disable-background-networking', '--disable-component-update', ...(isRoot ? ['--no-sandbox'] : [])],
  });
}
