import { defineErrors } from '../../platform/errors/index.js';

export const contentErrors = defineErrors({
  not_the_author: { status: 403, title: 'Only its author may do this to a post', retryable: false },
  post_changed: { status: 409, title: 'The post is at another version', retryable: false },
  edit_window_over: { status: 403, title: 'The post is too old to be edited', retryable: false },
  too_many_versions: { status: 409, title: 'The post has been edited too often', retryable: false },
  poll_closed: { status: 409, title: 'The poll is closed', retryable: false },
  already_voted: { status: 409, title: 'One votes once in a poll', retryable: false },
  too_many_drafts: { status: 409, title: 'There are as many drafts as one may have', retryable: false },
});
