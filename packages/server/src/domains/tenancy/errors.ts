import { defineErrors } from '../../platform/errors/index.js';

export const tenancyErrors = defineErrors({
  too_many_api_keys: { status: 409, title: 'The tenant has as many API keys as it may: revoke one', retryable: false },
  api_key_ended: { status: 409, title: 'This API key is good no more: make a new one', retryable: false },
  api_key_rotated: { status: 409, title: 'This API key has a successor already: rotate that one', retryable: false },
  tenant_closed: { status: 409, title: 'The tenant is not open', retryable: false },
});
