import { defineErrors } from '../../platform/errors/index.js';

export const contentErrors = defineErrors({
  not_the_author: { status: 403, title: 'Only its author may do this to a post', retryable: false },
});
