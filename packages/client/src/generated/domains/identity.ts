// Written by `npm run generate` from generated/openapi.json.

import type { Method, NoInput, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type {
  CreatedTokenKey,
  ExportedItem,
  GivenUser,
  Me,
  RevokedTokens,
  RoleChange,
  Session,
  SignedIn,
  TokenKey,
  TokenSettings,
  UpsertedUsers,
  UserProfile,
  UserRole,
} from '../schemas.js';

/** Input of {@link changeEmail}. */
export interface ChangeEmailInput {
  /** E-mail address; capitals are taken as small letters */
  readonly email: string;
  /** The current password */
  readonly password: string;
}

/** Input of {@link changePassword}. */
export interface ChangePasswordInput {
  /** The current password */
  readonly currentPassword: string;
  /** 8 to 128 characters */
  readonly newPassword: string;
}

/** Input of {@link confirmPasswordReset}. */
export interface ConfirmPasswordResetInput {
  /** The token of the link in the mail, which works once */
  readonly token: string;
  /** 8 to 128 characters */
  readonly password: string;
}

/** Input of {@link createTokenKey}. */
export interface CreateTokenKeyInput {
  /** `HS256`: a secret that Nova makes; `EdDSA`: an Ed25519 key of your own, of which Nova has the public half */
  readonly algorithm: 'HS256' | 'EdDSA';
  /** For EdDSA: an Ed25519 public key as PEM (`openssl pkey -pubout`) */
  readonly publicKey?: string | undefined;
}

/** Input of {@link deleteMe}. */
export type DeleteMeInput = NoInput;

/** Input of {@link deleteUser}. */
export interface DeleteUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link exportMe}. */
export interface ExportMeInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link exportUser}. */
export interface ExportUserInput {
  /** UUID, in lower case */
  readonly userId: string;
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link getMe}. */
export type GetMeInput = NoInput;

/** Input of {@link getTokenSettings}. */
export type GetTokenSettingsInput = NoInput;

/** Input of {@link getUser}. */
export interface GetUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link getUserByHandle}. */
export interface GetUserByHandleInput {
  /** Letters a to z, digits and _; capitals are taken as small letters */
  readonly handle: string;
}

/** Input of {@link listRoleChanges}. */
export interface ListRoleChangesInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listSessions}. */
export interface ListSessionsInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listTokenKeys}. */
export interface ListTokenKeysInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link requestPasswordReset}. */
export interface RequestPasswordResetInput {
  /** E-mail address; capitals are taken as small letters */
  readonly email: string;
}

/** Input of {@link resendEmailVerification}. */
export type ResendEmailVerificationInput = NoInput;

/** Input of {@link revokeOtherSessions}. */
export type RevokeOtherSessionsInput = NoInput;

/** Input of {@link revokeSession}. */
export interface RevokeSessionInput {
  /** UUID, in lower case */
  readonly sessionId: string;
}

/** Input of {@link revokeTokenKey}. */
export interface RevokeTokenKeyInput {
  /** UUID, in lower case */
  readonly keyId: string;
}

/** Input of {@link revokeTokens}. */
export interface RevokeTokensInput {
  /** UUID, in lower case */
  readonly userId?: string | undefined;
}

/** Input of {@link setUserRole}. */
export interface SetUserRoleInput {
  /** UUID, in lower case */
  readonly userId: string;
  /** What the user may do here: each may all that those after it may */
  readonly role: 'owner' | 'moderator' | 'member';
}

/** Input of {@link signIn}. */
export interface SignInInput {
  /** E-mail address or handle */
  readonly login: string;
  readonly password: string;
}

/** Input of {@link signOut}. */
export type SignOutInput = NoInput;

/** Input of {@link signUp}. */
export interface SignUpInput {
  /** Letters a to z, digits and _; capitals are taken as small letters */
  readonly handle: string;
  /** The name people read */
  readonly displayName?: string | undefined;
  /** E-mail address; capitals are taken as small letters */
  readonly email: string;
  /** 8 to 128 characters */
  readonly password: string;
}

/** Input of {@link updateProfile}. */
export interface UpdateProfileInput {
  /** The name people read */
  readonly displayName?: string | undefined;
  /** A few words about oneself */
  readonly bio?: string | undefined;
}

/** Input of {@link updateTokenSettings}. */
export interface UpdateTokenSettingsInput {
  /** An empty text: none */
  readonly audience?: string | undefined;
  readonly createUsers?: boolean | undefined;
}

/** Input of {@link upsertUsers}. */
export interface UpsertUsersInput {
  /** Taken in their order */
  readonly users: readonly GivenUser[];
}

/** Input of {@link verifyEmail}. */
export interface VerifyEmailInput {
  /** The token of the link in the mail, which works once */
  readonly token: string;
}

/**
 * Ask for another e-mail address; it becomes yours when you follow the link that is mailed to it.
 * Takes the token of a user: `PUT /api/v1/me/email`.
 */
export const changeEmail: Operation<ChangeEmailInput, Me> = {
  id: 'changeEmail',
  method: 'PUT',
  path: '/api/v1/me/email',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Choose another password; you stay signed in here and nowhere else.
 * Takes the token of a user: `PUT /api/v1/me/password`.
 */
export const changePassword: Operation<ChangePasswordInput, void> = {
  id: 'changePassword',
  method: 'PUT',
  path: '/api/v1/me/password',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Choose a new password with the token that was mailed to you; ends all of your sessions.
 * Anyone may call it: `POST /api/v1/password-resets/confirm`.
 */
export const confirmPasswordReset: Operation<ConfirmPasswordResetInput, void> = {
  id: 'confirmPasswordReset',
  method: 'POST',
  path: '/api/v1/password-resets/confirm',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Add a key for the tokens of users that your backend signs; a secret is shown once.
 * Takes a secret key: `POST /api/v1/token-keys`.
 */
export const createTokenKey: Operation<CreateTokenKeyInput, CreatedTokenKey> = {
  id: 'createTokenKey',
  method: 'POST',
  path: '/api/v1/token-keys',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Delete your account and all that is held of you.
 * Takes the token of a user: `DELETE /api/v1/me`.
 */
export const deleteMe: Operation<DeleteMeInput, void> = {
  id: 'deleteMe',
  method: 'DELETE',
  path: '/api/v1/me',
  takesIdempotencyKey: true,
};

/**
 * Delete a user and all that is held of them.
 * Takes a secret key: `DELETE /api/v1/users/{userId}`.
 */
export const deleteUser: Operation<DeleteUserInput, void> = {
  id: 'deleteUser',
  method: 'DELETE',
  path: '/api/v1/users/{userId}',
  takesIdempotencyKey: true,
};

/**
 * All that is held of you, page by page.
 * Takes the token of a user: `GET /api/v1/me/export`.
 */
export const exportMe: PagedOperation<ExportMeInput, Page<ExportedItem>> = {
  id: 'exportMe',
  method: 'GET',
  path: '/api/v1/me/export',
  isPaged: true,
};

/**
 * All that is held of a user, page by page.
 * Takes a secret key: `GET /api/v1/users/{userId}/export`.
 */
export const exportUser: PagedOperation<ExportUserInput, Page<ExportedItem>> = {
  id: 'exportUser',
  method: 'GET',
  path: '/api/v1/users/{userId}/export',
  isPaged: true,
};

/**
 * The signed-in user.
 * Takes the token of a user: `GET /api/v1/me`.
 */
export const getMe: Operation<GetMeInput, Me> = { id: 'getMe', method: 'GET', path: '/api/v1/me' };

/**
 * What is asked of the tokens that your backend signs.
 * Takes a secret key: `GET /api/v1/token-settings`.
 */
export const getTokenSettings: Operation<GetTokenSettingsInput, TokenSettings> = {
  id: 'getTokenSettings',
  method: 'GET',
  path: '/api/v1/token-settings',
};

/**
 * The profile of a user.
 * Anyone may call it: `GET /api/v1/users/{userId}`.
 */
export const getUser: Operation<GetUserInput, UserProfile> = {
  id: 'getUser',
  method: 'GET',
  path: '/api/v1/users/{userId}',
};

/**
 * The profile of the user with a handle.
 * Anyone may call it: `GET /api/v1/users/by-handle/{handle}`.
 */
export const getUserByHandle: Operation<GetUserByHandleInput, UserProfile> = {
  id: 'getUserByHandle',
  method: 'GET',
  path: '/api/v1/users/by-handle/{handle}',
};

/**
 * Who was given which role, by whom and when, newest first.
 * Takes the token of a user or a secret key: `GET /api/v1/role-changes`.
 */
export const listRoleChanges: PagedOperation<ListRoleChangesInput, Page<RoleChange>> = {
  id: 'listRoleChanges',
  method: 'GET',
  path: '/api/v1/role-changes',
  isPaged: true,
};

/**
 * Where you are signed in, newest first.
 * Takes the token of a user: `GET /api/v1/sessions`.
 */
export const listSessions: PagedOperation<ListSessionsInput, Page<Session>> = {
  id: 'listSessions',
  method: 'GET',
  path: '/api/v1/sessions',
  isPaged: true,
};

/**
 * The keys that tokens are checked with, revoked ones included, newest first.
 * Takes a secret key: `GET /api/v1/token-keys`.
 */
export const listTokenKeys: PagedOperation<ListTokenKeysInput, Page<TokenKey>> = {
  id: 'listTokenKeys',
  method: 'GET',
  path: '/api/v1/token-keys',
  isPaged: true,
};

/**
 * Have a link mailed that lets you choose a new password, if there is an account with this address.
 * Anyone may call it: `POST /api/v1/password-resets`.
 */
export const requestPasswordReset: Operation<RequestPasswordResetInput, void> = {
  id: 'requestPasswordReset',
  method: 'POST',
  path: '/api/v1/password-resets',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Mail the link that verifies your address once more.
 * Takes the token of a user: `POST /api/v1/me/email/verification`.
 */
export const resendEmailVerification: Operation<ResendEmailVerificationInput, void> = {
  id: 'resendEmailVerification',
  method: 'POST',
  path: '/api/v1/me/email/verification',
  takesIdempotencyKey: true,
};

/**
 * End all of your sessions but this one.
 * Takes the token of a user: `DELETE /api/v1/sessions`.
 */
export const revokeOtherSessions: Operation<RevokeOtherSessionsInput, void> = {
  id: 'revokeOtherSessions',
  method: 'DELETE',
  path: '/api/v1/sessions',
  takesIdempotencyKey: true,
};

/**
 * End one of your sessions.
 * Takes the token of a user: `DELETE /api/v1/sessions/{sessionId}`.
 */
export const revokeSession: Operation<RevokeSessionInput, void> = {
  id: 'revokeSession',
  method: 'DELETE',
  path: '/api/v1/sessions/{sessionId}',
  takesIdempotencyKey: true,
};

/**
 * Revoke a key for tokens: all that it has signed is dead.
 * Takes a secret key: `DELETE /api/v1/token-keys/{keyId}`.
 */
export const revokeTokenKey: Operation<RevokeTokenKeyInput, void> = {
  id: 'revokeTokenKey',
  method: 'DELETE',
  path: '/api/v1/token-keys/{keyId}',
  takesIdempotencyKey: true,
};

/**
 * End the tokens that your backend has signed until now, of one user or of all.
 * Takes a secret key: `POST /api/v1/token-revocations`.
 */
export const revokeTokens: Operation<RevokeTokensInput, RevokedTokens> = {
  id: 'revokeTokens',
  method: 'POST',
  path: '/api/v1/token-revocations',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Give a user a role.
 * Takes the token of a user or a secret key: `PUT /api/v1/users/{userId}/role`.
 */
export const setUserRole: Operation<SetUserRoleInput, UserRole> = {
  id: 'setUserRole',
  method: 'PUT',
  path: '/api/v1/users/{userId}/role',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Sign in with an e-mail address or a handle.
 * Anyone may call it: `POST /api/v1/sessions`.
 */
export const signIn: Operation<SignInInput, SignedIn> = {
  id: 'signIn',
  method: 'POST',
  path: '/api/v1/sessions',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * End the session of this call.
 * Takes the token of a user: `DELETE /api/v1/sessions/current`.
 */
export const signOut: Operation<SignOutInput, void> = {
  id: 'signOut',
  method: 'DELETE',
  path: '/api/v1/sessions/current',
  takesIdempotencyKey: true,
};

/**
 * Make an account and sign in.
 * Anyone may call it: `POST /api/v1/users`.
 */
export const signUp: Operation<SignUpInput, SignedIn> = {
  id: 'signUp',
  method: 'POST',
  path: '/api/v1/users',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Change what others see of you; what is not given stays.
 * Takes the token of a user: `PATCH /api/v1/me`.
 */
export const updateProfile: Operation<UpdateProfileInput, Me> = {
  id: 'updateProfile',
  method: 'PATCH',
  path: '/api/v1/me',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Change what is asked of the tokens that your backend signs.
 * Takes a secret key: `PATCH /api/v1/token-settings`.
 */
export const updateTokenSettings: Operation<UpdateTokenSettingsInput, TokenSettings> = {
  id: 'updateTokenSettings',
  method: 'PATCH',
  path: '/api/v1/token-settings',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Create and change up to 500 users by the ids that your app has for them.
 * Takes a secret key: `PUT /api/v1/users`.
 */
export const upsertUsers: Operation<UpsertUsersInput, UpsertedUsers> = {
  id: 'upsertUsers',
  method: 'PUT',
  path: '/api/v1/users',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Verify an e-mail address with the token that was mailed to it.
 * Anyone may call it: `POST /api/v1/email-verifications`.
 */
export const verifyEmail: Operation<VerifyEmailInput, void> = {
  id: 'verifyEmail',
  method: 'POST',
  path: '/api/v1/email-verifications',
  hasBody: true,
  takesIdempotencyKey: true,
};

/** Accounts, sessions and profiles */
export interface IdentityApi {
  /**
   * Ask for another e-mail address; it becomes yours when you follow the link that is mailed to it.
   * Takes the token of a user: `PUT /api/v1/me/email`.
   */
  readonly changeEmail: Method<ChangeEmailInput, Me>;
  /**
   * Choose another password; you stay signed in here and nowhere else.
   * Takes the token of a user: `PUT /api/v1/me/password`.
   */
  readonly changePassword: Method<ChangePasswordInput, void>;
  /**
   * Choose a new password with the token that was mailed to you; ends all of your sessions.
   * Anyone may call it: `POST /api/v1/password-resets/confirm`.
   */
  readonly confirmPasswordReset: Method<ConfirmPasswordResetInput, void>;
  /**
   * Add a key for the tokens of users that your backend signs; a secret is shown once.
   * Takes a secret key: `POST /api/v1/token-keys`.
   */
  readonly createTokenKey: Method<CreateTokenKeyInput, CreatedTokenKey>;
  /**
   * Delete your account and all that is held of you.
   * Takes the token of a user: `DELETE /api/v1/me`.
   */
  readonly deleteMe: Method<DeleteMeInput, void>;
  /**
   * Delete a user and all that is held of them.
   * Takes a secret key: `DELETE /api/v1/users/{userId}`.
   */
  readonly deleteUser: Method<DeleteUserInput, void>;
  /**
   * All that is held of you, page by page.
   * Takes the token of a user: `GET /api/v1/me/export`.
   */
  readonly exportMe: PagedMethod<ExportMeInput, Page<ExportedItem>>;
  /**
   * All that is held of a user, page by page.
   * Takes a secret key: `GET /api/v1/users/{userId}/export`.
   */
  readonly exportUser: PagedMethod<ExportUserInput, Page<ExportedItem>>;
  /**
   * The signed-in user.
   * Takes the token of a user: `GET /api/v1/me`.
   */
  readonly getMe: Method<GetMeInput, Me>;
  /**
   * What is asked of the tokens that your backend signs.
   * Takes a secret key: `GET /api/v1/token-settings`.
   */
  readonly getTokenSettings: Method<GetTokenSettingsInput, TokenSettings>;
  /**
   * The profile of a user.
   * Anyone may call it: `GET /api/v1/users/{userId}`.
   */
  readonly getUser: Method<GetUserInput, UserProfile>;
  /**
   * The profile of the user with a handle.
   * Anyone may call it: `GET /api/v1/users/by-handle/{handle}`.
   */
  readonly getUserByHandle: Method<GetUserByHandleInput, UserProfile>;
  /**
   * Who was given which role, by whom and when, newest first.
   * Takes the token of a user or a secret key: `GET /api/v1/role-changes`.
   */
  readonly listRoleChanges: PagedMethod<ListRoleChangesInput, Page<RoleChange>>;
  /**
   * Where you are signed in, newest first.
   * Takes the token of a user: `GET /api/v1/sessions`.
   */
  readonly listSessions: PagedMethod<ListSessionsInput, Page<Session>>;
  /**
   * The keys that tokens are checked with, revoked ones included, newest first.
   * Takes a secret key: `GET /api/v1/token-keys`.
   */
  readonly listTokenKeys: PagedMethod<ListTokenKeysInput, Page<TokenKey>>;
  /**
   * Have a link mailed that lets you choose a new password, if there is an account with this address.
   * Anyone may call it: `POST /api/v1/password-resets`.
   */
  readonly requestPasswordReset: Method<RequestPasswordResetInput, void>;
  /**
   * Mail the link that verifies your address once more.
   * Takes the token of a user: `POST /api/v1/me/email/verification`.
   */
  readonly resendEmailVerification: Method<ResendEmailVerificationInput, void>;
  /**
   * End all of your sessions but this one.
   * Takes the token of a user: `DELETE /api/v1/sessions`.
   */
  readonly revokeOtherSessions: Method<RevokeOtherSessionsInput, void>;
  /**
   * End one of your sessions.
   * Takes the token of a user: `DELETE /api/v1/sessions/{sessionId}`.
   */
  readonly revokeSession: Method<RevokeSessionInput, void>;
  /**
   * Revoke a key for tokens: all that it has signed is dead.
   * Takes a secret key: `DELETE /api/v1/token-keys/{keyId}`.
   */
  readonly revokeTokenKey: Method<RevokeTokenKeyInput, void>;
  /**
   * End the tokens that your backend has signed until now, of one user or of all.
   * Takes a secret key: `POST /api/v1/token-revocations`.
   */
  readonly revokeTokens: Method<RevokeTokensInput, RevokedTokens>;
  /**
   * Give a user a role.
   * Takes the token of a user or a secret key: `PUT /api/v1/users/{userId}/role`.
   */
  readonly setUserRole: Method<SetUserRoleInput, UserRole>;
  /**
   * Sign in with an e-mail address or a handle.
   * Anyone may call it: `POST /api/v1/sessions`.
   */
  readonly signIn: Method<SignInInput, SignedIn>;
  /**
   * End the session of this call.
   * Takes the token of a user: `DELETE /api/v1/sessions/current`.
   */
  readonly signOut: Method<SignOutInput, void>;
  /**
   * Make an account and sign in.
   * Anyone may call it: `POST /api/v1/users`.
   */
  readonly signUp: Method<SignUpInput, SignedIn>;
  /**
   * Change what others see of you; what is not given stays.
   * Takes the token of a user: `PATCH /api/v1/me`.
   */
  readonly updateProfile: Method<UpdateProfileInput, Me>;
  /**
   * Change what is asked of the tokens that your backend signs.
   * Takes a secret key: `PATCH /api/v1/token-settings`.
   */
  readonly updateTokenSettings: Method<UpdateTokenSettingsInput, TokenSettings>;
  /**
   * Create and change up to 500 users by the ids that your app has for them.
   * Takes a secret key: `PUT /api/v1/users`.
   */
  readonly upsertUsers: Method<UpsertUsersInput, UpsertedUsers>;
  /**
   * Verify an e-mail address with the token that was mailed to it.
   * Anyone may call it: `POST /api/v1/email-verifications`.
   */
  readonly verifyEmail: Method<VerifyEmailInput, void>;
}

export const identity = {
  changeEmail,
  changePassword,
  confirmPasswordReset,
  createTokenKey,
  deleteMe,
  deleteUser,
  exportMe,
  exportUser,
  getMe,
  getTokenSettings,
  getUser,
  getUserByHandle,
  listRoleChanges,
  listSessions,
  listTokenKeys,
  requestPasswordReset,
  resendEmailVerification,
  revokeOtherSessions,
  revokeSession,
  revokeTokenKey,
  revokeTokens,
  setUserRole,
  signIn,
  signOut,
  signUp,
  updateProfile,
  updateTokenSettings,
  upsertUsers,
  verifyEmail,
};
