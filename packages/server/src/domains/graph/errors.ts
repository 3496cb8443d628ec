import { defineErrors } from '../../platform/errors/index.js';
import { MAX_FOLLOWING, MAX_LIST_MEMBERS, MAX_LISTS } from './limits.js';

export const graphErrors = defineErrors({
  cannot_follow_self: { status: 422, title: 'Nobody can follow themselves', retryable: false },
  cannot_block_self: { status: 422, title: 'Nobody can block themselves', retryable: false },
  cannot_mute_self: { status: 422, title: 'Nobody can mute themselves', retryable: false },
  follow_limit_reached: {
    status: 422,
    title: `A user can follow ${MAX_FOLLOWING} others at most, requests included`,
    retryable: false,
  },
  list_limit_reached: { status: 422, title: `A user can have ${MAX_LISTS} lists at most`, retryable: false },
  list_full: { status: 422, title: `A list can have ${MAX_LIST_MEMBERS} members at most`, retryable: false },
  close_friends_exist: { status: 409, title: 'There is a list of close friends already', retryable: false },
  close_friends_are_private: { status: 422, title: 'A list of close friends is private', retryable: false },
});
