import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { bundle, SAMPLES } from '../scripts/bundle.mjs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

describe('a bundle for browsers', () => {
  test.each(Object.entries(SAMPLES))('%s: asks for nothing but React, above all not for Node', async (name, code) => {
    const { imports, code: text } = await bundle(code);
    expect(imports).toEqual(name.includes('hooks') ? ['react'] : []);
    expect(text).not.toMatch(/\bprocess\b|\bBuffer\b|\brequire\(|node:/);
    for (const module of builtinModules) expect(imports).not.toContain(module);
  });

  test('has what the app uses, and nothing else', async () => {
    const [everything, some, hooks, error] = await Promise.all(Object.values(SAMPLES).map(bundle));
    expect(everything?.code).toContain('/api/v1/feed');
    expect(some?.code).toContain('/api/v1/users/{userId}/follow');
    expect(some?.code).not.toContain('/api/v1/feed');
    expect(some?.code).not.toContain('localStorage');
    expect(hooks?.code).not.toContain('/api/v1/');
    expect(error?.code).not.toContain('Idempotency-Key'.toLowerCase());
  });

  test('runs where only a browser is', async () => {
    const { code } = await bundle(SAMPLES['everything (createNova)']);
    const asked: string[] = [];
    const context = vm.createContext({
      ...{ AbortController, Headers, setTimeout, clearTimeout, queueMicrotask, crypto },
      fetch: async (url: string) => {
        asked.push(url);
        return new Response('{"items":[],"nextCursor":null}', { headers: { 'content-type': 'application/json' } });
      },
    });
    const script = code.replace(/export\{(\w+) as createNova\};?/, 'globalThis.createNova=$1;');
    vm.runInContext(script, context);
    const page = await (vm.runInContext(
      "createNova({ baseUrl: 'https://nova.example' }).feed.readHomeFeed({ limit: 5 })",
      context,
    ) as Promise<unknown>);
    expect([page, asked]).toEqual([{ items: [], nextCursor: null }, ['https://nova.example/api/v1/feed?limit=5']]);
  });

  test('of any app may leave out what it does not use, and needs nothing installed', () => {
    expect(manifest).toMatchObject({ sideEffects: false, peerDependenciesMeta: { react: { optional: true } } });
    expect(manifest).not.toHaveProperty('dependencies');
  });
});
