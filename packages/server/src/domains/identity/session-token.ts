import { hash, randomBytes } from 'node:crypto';

const PREFIX = 'nova_st_';
const TOKEN = /^nova_st_[A-Za-z0-9_-]{43}$/;

/** A new bearer token: 32 random bytes, so that its bare SHA-256 can be stored. */
export function newSessionToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** SHA-256 of the token in base64, or null for a text that cannot be one. On the way of every request. */
export function hashSessionToken(token: string): string | null {
  return TOKEN.test(token) ? hash('sha256', token, 'base64') : null;
}

export function sha256(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
