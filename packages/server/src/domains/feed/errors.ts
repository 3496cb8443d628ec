import { defineErrors } from '../../platform/errors/index.js';

export const feedErrors = defineErrors({
  cursor_expired: {
    status: 410,
    title: 'The feed of this cursor is half an hour old: start again at its first page',
    retryable: false,
  },
});
