import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createElement, type FunctionComponent } from 'react';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../server/src/testing/test-app.js';
import { acting, openDom } from './testing/dom.js';

/** The examples of the guide, run as a reader would run them: against the package that `npm run build` has made. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const guide = path.join(root, 'docs/sdk.md');
/** Below the packages, so that `@nova/client` and `react` are found. */
const cache = path.join(root, 'node_modules/.cache/nova');
const ADDRESS = 'http://localhost:4000';

let app: TestApp;
let folder: string;
let examples: readonly { readonly language: string; readonly text: string; readonly file: string }[];

beforeAll(async () => {
  app = await startTestApp();
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(path.join(cache, 'sdk-examples-'));
  const text = await readFile(guide, 'utf8');
  examples = [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = ''], index) => {
    const named = code.replaceAll(ADDRESS, app.url);
    return {
      language,
      text: named,
      file: path.join(folder, `example-${index + 1}.${language === 'tsx' ? 'tsx' : 'mts'}`),
    };
  });
  await Promise.all(examples.map(({ file, text: code }) => writeFile(file, code)));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await app.close();
});

const OPTIONS = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  jsx: ts.JsxEmit.ReactJSX,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
} satisfies ts.CompilerOptions;

async function compile({ file, text }: { readonly file: string; readonly text: string }): Promise<string> {
  const { noEmit: _, ...options } = OPTIONS;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { ...options, module: ts.ModuleKind.ES2022 },
    fileName: file,
  });
  const target = file.replace(/\.\w+$/, '.mjs');
  await writeFile(target, outputText);
  return target;
}

describe('the examples of docs/sdk.md', () => {
  test('are as many as the guide shows, with the types that they need', { timeout: 60_000 }, () => {
    expect(examples.map(({ language }) => language)).toEqual(['ts', 'ts', 'ts', 'ts', 'ts', 'tsx', 'ts']);
    const program = ts.createProgram(
      examples.map(({ file }) => file),
      OPTIONS,
    );
    const host = {
      getCanonicalFileName: (name: string) => name,
      getCurrentDirectory: () => folder,
      getNewLine: () => '\n',
    };
    expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host)).toBe('');
  });

  test('print what they say', { timeout: 60_000 }, async () => {
    for (const example of examples.filter(({ language }) => language === 'ts')) {
      const promised = [...example.text.matchAll(/\/\/ prints: (.*)$/gm)].map(([, line]) => line);
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [await compile(example)]);
      expect(stderr).toBe('');
      expect(stdout.trimEnd().split('\n'), example.text).toEqual(promised);
    }
  });

  test('in React show what the server has', { timeout: 60_000 }, async () => {
    const [example] = examples.filter(({ language }) => language === 'tsx');
    const module = pathToFileURL(await compile(example ?? { file: '', text: '' })).href;
    const dom = await openDom();
    try {
      const { App } = (await import(/* @vite-ignore */ module)) as { App: FunctionComponent };
      await dom.render(createElement(App));
      expect(dom.text).toBe('Join');
      await acting(async () => dom.click('button'));
      await dom.until(() => dom.text === '');
      await writePostAsFay();
      await dom.render(null);
      await dom.render(createElement(App));
      await dom.until(() => dom.text.startsWith('fay: from the test'));
      await acting(async () => dom.click('article button'));
      await dom.until(() => dom.text.includes('1 likes'));
    } finally {
      await dom.close();
    }
  });
});

async function writePostAsFay(): Promise<void> {
  const { body } = await app.rest('POST', '/sessions', { body: { login: 'fay', password: 'correct horse battery' } });
  const { status } = await app.rest('POST', '/posts', { token: body.token, body: { body: 'from the test' } });
  expect(status).toBe(201);
}
