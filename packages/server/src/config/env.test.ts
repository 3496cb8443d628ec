import { expect, it } from 'vitest';
import { readEnvironment } from './env.js';

it('copies the environment, so that later changes do not show', () => {
  const name = 'NOVA_CONFIG_ENV_TEST';
  process.env[name] = 'before';
  try {
    const env = readEnvironment();
    process.env[name] = 'after';
    expect(env[name]).toBe('before');
  } finally {
    delete process.env[name];
  }
});
