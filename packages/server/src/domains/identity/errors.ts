import { defineErrors } from '../../platform/errors/index.js';

export const identityErrors = defineErrors({
  invalid_credentials: { status: 401, title: 'No account has this login and password', retryable: false },
  sign_up_closed: { status: 403, title: 'This app takes no new accounts', retryable: false },
  last_owner: {
    status: 409,
    title: 'The tenant has no other owner: give the role to somebody else first',
    retryable: false,
  },
  token_malformed: { status: 401, title: 'This is no token that your app may sign for Nova', retryable: false },
  token_key_unknown: { status: 401, title: 'The key of the token is not known, or revoked', retryable: false },
  token_algorithm_refused: { status: 401, title: 'The token is not signed as its key signs', retryable: false },
  token_signature_invalid: {
    status: 401,
    title: 'The signature of the token is not that of its key',
    retryable: false,
  },
  token_expired: { status: 401, title: 'The token has expired', retryable: false },
  token_not_yet_valid: { status: 401, title: 'The token is from the future', retryable: false },
  token_lifetime_exceeded: { status: 401, title: 'The token is good for longer than a token may be', retryable: false },
  token_audience_refused: { status: 401, title: 'The token is meant for somebody else', retryable: false },
  token_revoked: { status: 401, title: 'The token was issued before tokens were revoked', retryable: false },
  token_user_unknown: { status: 401, title: 'There is no user whom the token names', retryable: false },
  too_many_token_keys: {
    status: 409,
    title: 'The tenant has as many keys for signing as it may: revoke one',
    retryable: false,
  },
  handle_taken: { status: 409, title: 'Another user has this handle', retryable: false },
  wrong_password: { status: 403, title: 'The current password is another one', retryable: false },
  link_invalid: { status: 400, title: 'The link is unknown, was used, or is no longer good', retryable: false },
  email_taken: { status: 409, title: 'Another user has this e-mail address', retryable: false },
});
