/**
 * What a secret key can be limited to. An operation that such a key may call names the one that opens it; a new subject
 * adds a line or two here.
 */
export const KEY_SCOPES = [
  'tenant:read',
  'tenant:write',
  'keys:read',
  'keys:write',
  'users:read',
  'users:write',
  'content:read',
  'content:write',
] as const;

export type KeyScope = (typeof KEY_SCOPES)[number];

/** Whether a key may do all that is asked. @param granted null for a key without limits, and what asks for all */
export function coversScopes(granted: readonly KeyScope[] | null, asked: readonly KeyScope[] | null): boolean {
  if (granted === null) return true;
  return asked?.every((scope) => granted.includes(scope)) ?? false;
}
