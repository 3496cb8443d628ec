import { defineErrors } from '../../platform/errors/index.js';

export const identityErrors = defineErrors({
  invalid_credentials: { status: 401, title: 'No account has this login and password', retryable: false },
  last_owner: {
    status: 409,
    title: 'The tenant has no other owner: give the role to somebody else first',
    retryable: false,
  },
  handle_taken: { status: 409, title: 'Another user has this handle', retryable: false },
  email_taken: { status: 409, title: 'Another user has this e-mail address', retryable: false },
});
