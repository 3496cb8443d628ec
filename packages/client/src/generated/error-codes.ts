// Written by `npm run generate` from generated/openapi.json.

/** What a program tests when the server has refused a call; docs/errors.md explains each. */
export type ServerErrorCode =
  | 'already_voted'
  | 'api_key_ended'
  | 'api_key_rotated'
  | 'cannot_block_self'
  | 'cannot_follow_self'
  | 'cannot_mute_self'
  | 'close_friends_are_private'
  | 'close_friends_exist'
  | 'concurrency_limited'
  | 'cursor_expired'
  | 'deadline_exceeded'
  | 'edit_window_over'
  | 'email_taken'
  | 'expectation_failed'
  | 'follow_limit_reached'
  | 'forbidden'
  | 'handle_taken'
  | 'headers_too_large'
  | 'idempotency_conflict'
  | 'internal'
  | 'invalid_credentials'
  | 'invalid_cursor'
  | 'invalid_request'
  | 'last_owner'
  | 'link_invalid'
  | 'list_full'
  | 'list_limit_reached'
  | 'method_not_allowed'
  | 'missing_scope'
  | 'not_found'
  | 'not_the_author'
  | 'overloaded'
  | 'payload_too_large'
  | 'poll_closed'
  | 'post_changed'
  | 'rate_limited'
  | 'request_timeout'
  | 'role_required'
  | 'sign_up_closed'
  | 'tenant_closed'
  | 'token_algorithm_refused'
  | 'token_audience_refused'
  | 'token_expired'
  | 'token_key_unknown'
  | 'token_lifetime_exceeded'
  | 'token_malformed'
  | 'token_not_yet_valid'
  | 'token_revoked'
  | 'token_signature_invalid'
  | 'token_user_unknown'
  | 'too_many_api_keys'
  | 'too_many_drafts'
  | 'too_many_token_keys'
  | 'too_many_versions'
  | 'unauthenticated'
  | 'unavailable'
  | 'unsupported_media_type'
  | 'wrong_password';

/** For telling known codes from those of a newer server. */
export const SERVER_ERROR_CODES: readonly ServerErrorCode[] = [
  'already_voted',
  'api_key_ended',
  'api_key_rotated',
  'cannot_block_self',
  'cannot_follow_self',
  'cannot_mute_self',
  'close_friends_are_private',
  'close_friends_exist',
  'concurrency_limited',
  'cursor_expired',
  'deadline_exceeded',
  'edit_window_over',
  'email_taken',
  'expectation_failed',
  'follow_limit_reached',
  'forbidden',
  'handle_taken',
  'headers_too_large',
  'idempotency_conflict',
  'internal',
  'invalid_credentials',
  'invalid_cursor',
  'invalid_request',
  'last_owner',
  'link_invalid',
  'list_full',
  'list_limit_reached',
  'method_not_allowed',
  'missing_scope',
  'not_found',
  'not_the_author',
  'overloaded',
  'payload_too_large',
  'poll_closed',
  'post_changed',
  'rate_limited',
  'request_timeout',
  'role_required',
  'sign_up_closed',
  'tenant_closed',
  'token_algorithm_refused',
  'token_audience_refused',
  'token_expired',
  'token_key_unknown',
  'token_lifetime_exceeded',
  'token_malformed',
  'token_not_yet_valid',
  'token_revoked',
  'token_signature_invalid',
  'token_user_unknown',
  'too_many_api_keys',
  'too_many_drafts',
  'too_many_token_keys',
  'too_many_versions',
  'unauthenticated',
  'unavailable',
  'unsupported_media_type',
  'wrong_password',
];
