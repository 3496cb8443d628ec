import { lengthOf } from '../../text/segments.js';

interface NewAccount {
  readonly handle: string;
  readonly email: string;
  readonly password: string;
}

const MIN_PASSWORD = 8;
const MAX_PASSWORD = 128;

/** What can be said of a new account without asking the server, which has the last word. */
export function checkAccount({ handle, email, password }: NewAccount): Readonly<Record<string, string | undefined>> {
  return {
    handle: /^[a-z0-9_]{3,30}$/i.test(handle.trim()) ? undefined : 'Use 3 to 30 letters a to z, digits and _.',
    email: /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email.trim()) ? undefined : 'Enter an e-mail address.',
    password: checkPassword(password),
  };
}

function checkPassword(password: string): string | undefined {
  const length = lengthOf(password);
  if (length < MIN_PASSWORD) return `Use ${MIN_PASSWORD} characters or more.`;
  return length > MAX_PASSWORD ? `Use ${MAX_PASSWORD} characters at the most.` : undefined;
}
