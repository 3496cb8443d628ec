import { defineErrors } from '../../platform/errors/index.js';

export const identityErrors = defineErrors({
  invalid_credentials: { status: 401, title: 'No account has this login and password', retryable: false },
  sign_up_closed: { status: 403, title: 'This app takes no new accounts', retryable: false },
  handle_taken: { status: 409, title: 'Another user has this handle', retryable: false },
  email_taken: { status: 409, title: 'Another user has this e-mail address', retryable: false },
});
