import { defineErrors } from '../../platform/errors/index.js';

export const tenancyErrors = defineErrors({
  too_many_api_keys: { status: 409, title: 'The tenant has as many API keys as it may: revoke one', retryable: false },
});
