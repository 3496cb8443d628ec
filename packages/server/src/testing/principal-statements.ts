import { BUSY, LARGE, largeId, TENANT } from './large-tenant.js';
import { many, type StatementCases } from './statement-case.js';

/* Roles, users who are made by the backend of their app, signed tokens, and what becomes of a user's data. */

const PAGE = 51;
const PURGED = 5_000;
const REBUILT = 500;
/** Rows of one call. */
const BATCH = 500;
const batch = <T>(make: (n: number) => T) => many(BATCH, make);
const NIL = '00000000-0000-0000-0000-000000000000';
const START = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };

const busy = largeId('user', BUSY);
/** An id that no row has. */
const newId = (n: number) => largeId('post', 2 * LARGE.users * LARGE.postsPerUser + n);
const rebuilt = {
  tenantIds: many(REBUILT, () => TENANT),
  userIds: many(REBUILT, (n) => largeId('user', n)),
};

const TOKENS: StatementCases = {
  'identity.insertTokenKey': {
    through: [['token_keys_pkey', 'token_keys_by_time']],
    values: { id: newId(1), algorithm: 'HS256', sealedSecret: '\\x00', publicKey: null, limit: 1_000 },
    // A tenant has at most 20 keys that are good; here are 100, and as many that are revoked.
    reads: 250,
  },
  'identity.tokenKeysOfTenant': { through: ['token_keys_by_time'], values: START, reads: PAGE },
  'identity.revokeTokenKey': { through: ['token_keys_pkey'], values: { keyId: largeId('key', 1) }, reads: 1 },
  'identity.tokenSettings': { through: ['token_settings_pkey'], values: {}, reads: 1 },
  'identity.updateTokenSettings': { values: { audience: 'nova', createUsers: null } },
  'identity.revokeTokensOfTenant': { values: {} },
  'identity.revokeTokensOfUser': { through: ['users_pkey'], values: { userId: busy }, reads: 1 },
  'identity.tokenKeysById': {
    through: ['token_keys_by_id', 'tenants_pkey', 'token_settings_pkey'],
    values: { ids: many(5, (n) => largeId('key', 2 * n)) },
    reads: 3 * 2 * 5,
  },
  'identity.usersOfTokens': {
    through: ['users_pkey', 'users_external_id_key'],
    values: {
      tenantIds: batch(() => TENANT),
      userIds: batch((n) => (n % 2 === 0 ? largeId('user', n) : null)),
      externalIds: batch((n) => (n % 2 === 0 ? null : `external ${n}`)),
    },
    reads: 2 * BATCH,
  },
};

export const PRINCIPAL_REQUEST_STATEMENTS: StatementCases = {
  ...TOKENS,
  'identity.insertPrincipalChange': { values: { id: newId(1), subjectId: busy } },
  'identity.lockRoles': { values: {} },
  'identity.standingOfUser': { through: ['users_pkey', 'users_with_role'], values: { userId: busy }, reads: 3 },
  'identity.changeRole': {
    through: ['users_pkey', 'role_changes_in_order'],
    values: { id: newId(1), userId: busy, role: 'member', changedByUserId: busy, changedByKeyId: null },
    reads: 3,
  },
  'identity.lockExternalIds': { values: {} },
  'identity.usersToUpsert': {
    through: ['users_external_id_key', 'users_handle_key'],
    values: { externalIds: batch((n) => `external ${n}`), handles: batch((n) => `user_${n + BATCH}`) },
    reads: 4 * BATCH,
    sorts: 2 * BATCH,
  },
  'identity.insertExternalUsers': {
    values: {
      ids: batch(newId),
      externalIds: batch((n) => `new ${n}`),
      handles: batch((n) => `newcomer_${n}`),
      displayNames: batch((n) => `Newcomer ${n}`),
      bios: batch(() => ''),
    },
  },
  'identity.updateExternalUsers': {
    through: ['users_pkey'],
    values: {
      ids: batch((n) => largeId('user', n)),
      handles: batch((n) => `changed_${n}`),
      displayNames: batch((n) => `Changed ${n}`),
      bios: batch(() => 'changed'),
    },
    reads: BATCH,
  },
  'identity.roleChangesOfTenant': { through: ['role_changes_by_time'], values: START, reads: PAGE },
};

export const PRINCIPAL_BACKGROUND_STATEMENTS: StatementCases = {
  'identity.purgePrincipalChanges': {
    through: ['principal_changes_by_time'],
    values: { limit: PURGED },
    reads: 2 * PURGED,
  },
  'identity.lockUsersAfter': {
    through: ['users_pkey'],
    values: { afterTenant: NIL, afterUser: NIL, limit: REBUILT },
    reads: REBUILT,
  },
  'identity.rebuildRoles': {
    through: ['users_pkey', 'role_changes_by_user'],
    values: rebuilt,
    reads: 3 * REBUILT,
  },
  'identity.noteRebuiltRoles': { values: { ids: many(REBUILT, newId), ...rebuilt } },
};
