import { afterEach, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/test-app.js';

let app: TestApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function rootOf(env: Record<string, string>): Promise<Response> {
  app = await startTestApp({ env });
  return await fetch(app.url, { headers: { accept: 'text/html' } });
}

test('a browser finds the web app at /, with all that its page asks for', async () => {
  const answer = await rootOf({});
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const asked = [...(await answer.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
  expect(asked.filter((url) => url.startsWith('/assets/'))).toHaveLength(2);
  for (const url of asked) {
    // Nothing comes from elsewhere.
    expect(url).toMatch(/^\/[^/]/);
    expect((await fetch(`${app?.url}${url}`)).status, url).toBe(200);
  }
});

// The app calls without a key: where that means nobody, it could not show anything.
test.each([{ NOVA_WEB: 'off' }, { NOVA_DEFAULT_TENANT: 'false' }])('there is none with %j', async (env) => {
  const answer = await rootOf(env);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not_found' });
  expect((await fetch(`${app?.url}/theme.js`)).status).toBe(404);
});
