// Written by `npm run generate` from generated/openapi.json.

import type { Method, NoInput, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { Me, Session, SignedIn, UserProfile } from '../schemas.js';

/** Input of {@link getMe}. */
export type GetMeInput = NoInput;

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

/** Input of {@link revokeSession}. */
export interface RevokeSessionInput {
  /** UUID, in lower case */
  readonly sessionId: string;
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

/**
 * The signed-in user.
 * Takes the token of a user: `GET /api/v1/me`.
 */
export const getMe: Operation<GetMeInput, Me> = { id: 'getMe', method: 'GET', path: '/api/v1/me' };

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

/** Accounts, sessions and profiles */
export interface IdentityApi {
  /**
   * The signed-in user.
   * Takes the token of a user: `GET /api/v1/me`.
   */
  readonly getMe: Method<GetMeInput, Me>;
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
   * Where you are signed in, newest first.
   * Takes the token of a user: `GET /api/v1/sessions`.
   */
  readonly listSessions: PagedMethod<ListSessionsInput, Page<Session>>;
  /**
   * End one of your sessions.
   * Takes the token of a user: `DELETE /api/v1/sessions/{sessionId}`.
   */
  readonly revokeSession: Method<RevokeSessionInput, void>;
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
}

export const identity = {
  getMe,
  getUser,
  getUserByHandle,
  listSessions,
  revokeSession,
  signIn,
  signOut,
  signUp,
  updateProfile,
};
