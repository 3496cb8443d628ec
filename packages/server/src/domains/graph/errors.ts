import { defineErrors } from '../../platform/errors/index.js';
import { MAX_FOLLOWING } from './limits.js';

export const graphErrors = defineErrors({
  cannot_follow_self: { status: 422, title: 'Nobody can follow themselves', retryable: false },
  cannot_block_self: { status: 422, title: 'Nobody can block themselves', retryable: false },
  cannot_mute_self: { status: 422, title: 'Nobody can mute themselves', retryable: false },
  follow_limit_reached: {
    status: 422,
    title: `A user can follow ${MAX_FOLLOWING} others at most, requests included`,
    retryable: false,
  },
});
