import { platformErrors } from '../../platform/errors/index.js';

const MAX_EMAIL = 254;

/** Handles are stored in small letters; the schema admits ASCII only. */
export function normalizeHandle(handle: string): string {
  return handle.toLowerCase();
}

/** Trimmed, in small letters, in one form of Unicode. Throws `invalid_request` when that made it too long. */
export function normalizeEmail(email: string): string {
  const normalized = email.trim().normalize('NFC').toLowerCase();
  if ([...normalized].length > MAX_EMAIL) {
    throw platformErrors.invalid_request({
      problems: [{ path: 'email', reason: `must not be longer than ${MAX_EMAIL} characters` }],
    });
  }
  return normalized;
}
