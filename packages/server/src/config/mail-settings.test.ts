import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { ConfigurationError } from './configuration-error.js';

const COMPLETE = {
  NOVA_MAIL_URL: 'smtps://app:pass%40word@smtp.example:465',
  NOVA_MAIL_FROM: 'The App <app@app.example>',
  NOVA_MAIL_APP_URL: 'https://app.example/account',
};

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ name }) => name);
    throw error;
  }
}

describe('mail', () => {
  it('is off by default, and configured by three variables together', () => {
    expect(loadConfig({}).mail.url).toBeUndefined();
    const { mail } = loadConfig(COMPLETE);
    expect(mail.url?.reveal()).toBe(COMPLETE.NOVA_MAIL_URL);
    expect(mail).toMatchObject({ from: COMPLETE.NOVA_MAIL_FROM, appUrl: COMPLETE.NOVA_MAIL_APP_URL });
    expect(problemsOf({ NOVA_MAIL_URL: COMPLETE.NOVA_MAIL_URL })).toEqual(['NOVA_MAIL_FROM', 'NOVA_MAIL_APP_URL']);
  });

  it.each([
    'smtp.example',
    'http://smtp.example',
    'smtp://',
    'smtp://smtp.example/path',
    'smtp://smtp.example?pool=true',
    'smtp://smtp.example#x',
    'smtp://app:100%@smtp.example',
  ])('refuses the server %s', (url) => {
    expect(problemsOf({ ...COMPLETE, NOVA_MAIL_URL: url })).toEqual(['NOVA_MAIL_URL']);
  });

  it.each(['nobody', 'The App', 'a@b, c@d', 'The App <nobody>', 'The App <a@b> <c@d>', 'x@y <a@b>', 'The\tApp <a@b>'])(
    'refuses the sender %j',
    (from) => {
      expect(problemsOf({ ...COMPLETE, NOVA_MAIL_FROM: from })).toEqual(['NOVA_MAIL_FROM']);
    },
  );

  it.each(['app@app.example', '<app@app.example>', 'Grüße <app@app.example>'])('takes the sender %j', (from) => {
    expect(problemsOf({ ...COMPLETE, NOVA_MAIL_FROM: from })).toEqual([]);
  });
});
