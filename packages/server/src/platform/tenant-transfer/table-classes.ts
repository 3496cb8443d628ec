/** What an export does with a table: `community` rows go with it, `passwords` only when asked for. */
export type TableClass = 'community' | 'passwords' | { readonly leftOut: string };

const leftOut = (reason: string): TableClass => ({ leftOut: reason });

/**
 * Every table of a tenant, with what an export does with it. A table that is not here stops exports, and a test: what is
 * secret must not leave by being forgotten. Columns, keys and order come from the catalogue.
 */
export const TABLE_CLASSES: Readonly<Record<string, TableClass>> = {
  tenants: leftOut('name, plan and settings are in the manifest'),
  api_keys: leftOut('keys open the tenant that they were made for, and no other'),
  tenant_usage: leftOut('what was used here is this deployment’s account'),
  tenant_active_users: leftOut('what was used here is this deployment’s account'),
  users: 'community',
  credentials: 'passwords',
  sessions: leftOut('tokens open the tenant that they were made for, and no other'),
  account_tokens: leftOut('links that were mailed open the tenant that they were made for, and no other'),
  mails: leftOut('a queue of this deployment'),
  session_revocations: leftOut('of sessions, which are left out'),
  principal_changes: leftOut('notes of this deployment, for two hours'),
  role_changes: 'community',
  token_keys: leftOut('keys that sign for the tenant that they were made for, and no other'),
  token_settings: 'community',
  erasures: 'community',
  follows: 'community',
  blocks: 'community',
  follow_requests: 'community',
  mutes: 'community',
  user_lists: 'community',
  user_list_members: 'community',
  relation_changes: leftOut('notes for the memories of this deployment'),
  graph_counts: 'community',
  posts: 'community',
  post_hashtags: 'community',
  post_likes: 'community',
  hashtag_usage: 'community',
  post_versions: 'community',
  post_drafts: 'community',
  polls: 'community',
  poll_votes: 'community',
  media: 'community',
  media_variants: 'community',
  post_media: 'community',
  link_previews: 'community',
  link_preview_settings: 'community',
  feed_sessions: leftOut('what readers were reading here, for a while'),
  popular_posts: 'community',
  idempotency_keys: leftOut('answers of this deployment, for a day'),
  outbox: leftOut('events of this deployment, whose consumers have their place in them'),
  outbox_set_aside: leftOut('events of this deployment, whose consumers have their place in them'),
  own_writes: leftOut('transaction ids of this deployment'),
};
