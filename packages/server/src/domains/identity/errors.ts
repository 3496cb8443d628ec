import { defineErrors } from '../../platform/errors/index.js';

export const identityErrors = defineErrors({
  invalid_credentials: { status: 401, title: 'No account has this login and password', retryable: false },
  handle_taken: { status: 409, title: 'Another user has this handle', retryable: false },
  wrong_password: { status: 403, title: 'The current password is another one', retryable: false },
  link_invalid: { status: 400, title: 'The link is unknown, was used, or is no longer good', retryable: false },
  email_taken: { status: 409, title: 'Another user has this e-mail address', retryable: false },
});
