import { type ErrorCode, isNovaError } from '@nova/client';

/** What a person can do about it; other codes say what the server says. */
const TEXTS: Partial<Record<ErrorCode, string>> = {
  already_voted: 'You have voted in this poll already.',
  client_timeout: 'The server takes too long to answer. Try again in a moment.',
  connection_failed: 'The server cannot be reached. Check your connection, then try again.',
  edit_window_over: 'The time to edit this post is over.',
  email_taken: 'There is an account with this e-mail address already.',
  follow_limit_reached: 'You follow as many people as one can.',
  handle_taken: 'Somebody has this handle already.',
  internal: 'Something went wrong on the server. Try again in a moment.',
  invalid_credentials: 'No account has this name and password.',
  invalid_response: 'What came back was not an answer of Nova. Is there a proxy in between?',
  not_found: 'It is not there any more, or not for you.',
  overloaded: 'The server is very busy. Try again in a moment.',
  poll_closed: 'This poll is closed.',
  post_changed: 'The post has been edited elsewhere meanwhile. Close this, look, and edit again.',
  too_many_drafts: 'You have as many drafts as one can: delete one first.',
  unauthenticated: 'You are signed out. Sign in again.',
  unavailable: 'The server is not available. Try again in a moment.',
};

/** An error as a sentence for people. */
export function errorText(error: unknown): string {
  if (!isNovaError(error)) return 'Something went wrong. Try again.';
  if (error.code === 'rate_limited') {
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000);
    if (seconds > 90) return `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`;
    return seconds > 1 ? `Too many attempts. Try again in ${seconds} seconds.` : 'Too many attempts. Try again soon.';
  }
  return TEXTS[error.code] ?? error.problem?.detail ?? error.problem?.title ?? 'Something went wrong. Try again.';
}

/** What the server says about single fields, by their path. Empty when the error is about something else. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!isNovaError(error)) return {};
  if (error.code === 'handle_taken') return { handle: errorText(error) };
  if (error.code === 'email_taken') return { email: errorText(error) };
  const problems: Record<string, string> = {};
  for (const { path, reason } of error.problems) problems[path] ??= `This ${reason}.`;
  return problems;
}
