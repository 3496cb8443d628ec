import { NovaError } from '@nova/client';
import { describe, expect, it } from 'vitest';
import { errorText, fieldErrors } from './error-text.js';

const refused = (code: NovaError['code'], details: Partial<ConstructorParameters<typeof NovaError>[2]> = {}) =>
  new NovaError(code, code, { retryable: false, ...details });

describe('errorText', () => {
  it('tells what to do, and how long to wait', () => {
    expect(errorText(refused('connection_failed'))).toMatch(/Check your connection/);
    expect(errorText(refused('rate_limited', { retryAfterMs: 4_200 }))).toMatch(/in 5 seconds/);
    expect(errorText(refused('rate_limited', { retryAfterMs: 600_000 }))).toMatch(/in 10 minutes/);
  });

  it('falls back to the words of the server, and tells nothing of a bug', () => {
    const problem = {
      type: '',
      title: 'Title',
      detail: 'Detail',
      status: 400,
      code: 'forbidden',
      requestId: 'r',
      retryable: false,
    } as const;
    expect(errorText(refused('forbidden', { problem }))).toBe('Detail');
    expect(errorText(new TypeError('x is undefined'))).not.toMatch(/undefined/);
  });
});

it('gives the reasons of fields by path, the first of each', () => {
  const problems = [
    { path: 'poll.options.1', reason: 'must not be empty' },
    { path: 'poll.options.1', reason: 'must be a string' },
    { path: 'body', reason: 'is required' },
  ];
  const problem = {
    type: '',
    title: '',
    status: 400,
    code: 'invalid_request',
    requestId: 'r',
    retryable: false,
    problems,
  } as const;
  expect(fieldErrors(refused('invalid_request', { problem }))).toEqual({
    'poll.options.1': 'This must not be empty.',
    body: 'This is required.',
  });
  expect(fieldErrors(refused('handle_taken'))).toEqual({ handle: 'Somebody has this handle already.' });
});
