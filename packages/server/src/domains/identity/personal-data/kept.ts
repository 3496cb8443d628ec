/**
 * Tables that name users and go on doing so after an erasure, each with the reason. Whatever else names a user belongs
 * to a part that erases it (`PersonalData.tables`).
 */
export const keptOfUsers: Readonly<Record<string, string>> = {
  users: 'the id; handle and external id for 30 days, so that nobody takes them over',
  erasures: 'that the user is being erased: for those 30 days',
  role_changes: 'ids: the record of who was given which role by whom is of the tenant and cannot be changed',
  tenant_active_users: 'ids: for three days, so that nobody counts twice in the usage of a day',
  mails: 'the address, until the mail has left or is of no use: three days at most',
  principal_changes: 'ids: two hours, for processes to forget what they remember',
};

/** Tables in whose texts the ids of users are, and sometimes names, which no column tells. */
export const keptInTexts: Readonly<Record<string, string>> = {
  posts: 'what others have written, with the handles they have written and the ids of those whom they mention',
  post_versions: 'as posts',
  post_drafts: 'as posts',
  outbox: 'ids in events: a day, or until all consumers have read them',
  outbox_set_aside: 'ids in events that failed, until an operator has seen to them',
  idempotency_keys: 'answers to calls by a key of the app, such as a sign-up: 24 hours',
};
