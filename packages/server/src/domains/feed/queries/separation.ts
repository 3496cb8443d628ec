/**
 * Condition: no block of either side stands between `:viewerId` and a user. Scalar sub-selects stay two index probes a
 * row; `not exists` becomes a join that reads everybody who blocks the viewer.
 * @param user the column of the user's id
 */
export const notSeparatedFrom = (user: string): string => `not coalesce(
            (select true from blocks b
              where b.tenant_id = :tenant and b.blocker_id = :viewerId::uuid and b.blocked_id = ${user}),
            (select true from blocks b
              where b.tenant_id = :tenant and b.blocker_id = ${user} and b.blocked_id = :viewerId::uuid),
            false)`;

/**
 * Condition: an account is public, or one that the viewer follows.
 * @param user the column of the user's id
 */
export const openAccount = (user: string): string => `not coalesce(
            (select u.is_private and (
              select true from follows f
              where f.tenant_id = :tenant and f.follower_id = :viewerId::uuid and f.followee_id = u.id) is null
             from users u where u.tenant_id = :tenant and u.id = ${user}),
            true)`;
