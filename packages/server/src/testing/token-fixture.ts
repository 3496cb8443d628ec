import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Tenant } from '../platform/operation/index.js';
import type { IdentityNode } from './identity-fixture.js';

/* The backend of a tenant, which makes keys and signs tokens with them. */

/** Of no user and no key that signs. */
export const KEY_ID = '01900000-0000-7000-8000-000000000001';
export const BACKEND = { principal: { secret: true, keyId: KEY_ID } };

/** The default tenant's backend, or another's. */
export const asBackend = (tenant?: Tenant) => ({ principal: { ...BACKEND.principal, ...(tenant ? { tenant } : {}) } });

export interface Signer {
  readonly kid: string;
  readonly alg: string;
  readonly key: KeyObject;
}

export interface Created {
  readonly tokenKey: { readonly id: string };
  readonly secret: string | null;
}

export async function hs256(node: IdentityNode, tenant?: Tenant): Promise<Signer> {
  const created = await node.call<Created>('createTokenKey', { algorithm: 'HS256' }, asBackend(tenant));
  return { kid: created.tokenKey.id, alg: 'HS256', key: createSecretKey(created.secret ?? '', 'utf8') };
}

export const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

export async function eddsa(node: IdentityNode): Promise<Signer & { readonly publicKey: KeyObject }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const input = { algorithm: 'EdDSA', publicKey: pemOf(publicKey) };
  const created = await node.call<Created>('createTokenKey', input, BACKEND);
  return { kid: created.tokenKey.id, alg: 'EdDSA', key: privateKey, publicKey };
}

export const seconds = () => Math.floor(Date.now() / 1_000);

/** A token as a backend signs it; claims of undefined are left out. */
export async function sign(signer: Signer, claims: Record<string, unknown>, header: object = {}): Promise<string> {
  const payload = { iat: seconds(), exp: seconds() + 600, ...claims };
  const given = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return await new SignJWT(given).setProtectedHeader({ alg: signer.alg, kid: signer.kid, ...header }).sign(signer.key);
}

export const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const codeOf = (node: IdentityNode, token: string): Promise<string> =>
  node.identity.resolveToken(token).then(
    ({ viewer }) => `accepted as ${viewer.userId}`,
    (error: { code?: string }) => error.code ?? String(error),
  );

export async function userCalled(node: IdentityNode, externalId: string, tenant?: Tenant): Promise<string> {
  const users = [{ externalId, handle: `h_${externalId.toLowerCase().replaceAll(/\W/g, '')}` }];
  const { items } = await node.call<{ items: { userId: string }[] }>('upsertUsers', { users }, asBackend(tenant));
  return items[0]?.userId ?? '';
}

export const lookUps = (node: IdentityNode) =>
  node.statements().filter((name) => /^identity\.(tokenKeysById|usersOfTokens)$/.test(name));
