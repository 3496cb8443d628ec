/**
 * Condition: an account is public, the viewer's own, or one that the viewer follows.
 * @param user alias of the row of `users`
 */
export const openTo = (user: string): string => `case when ${user}.is_private
        then ${user}.id = :viewerId::uuid or (
          select true from follows f
          where f.tenant_id = :tenant and f.follower_id = :viewerId::uuid and f.followee_id = ${user}.id
        ) is not null
        else true end`;

/**
 * Condition: the viewer does not mute a user.
 * @param user the column of the user's id
 */
export const notMuted = (user: string): string => `not coalesce(
        (select m.expires_at is null or m.expires_at > now() from mutes m
          where m.tenant_id = :tenant and m.muter_id = :viewerId::uuid and m.muted_id = ${user}),
        false)`;

/**
 * Condition: no block of either side stands between `:viewerId` and a user; a viewer of null is separated from nobody.
 * Scalar sub-selects stay index probes, two a row at the most. `not exists` becomes a join for which everybody who
 * blocks the viewer is read, and compared with each row: a viewer whom thousands block would feel it on every page.
 * `coalesce` rather than `is null`: the planner takes the latter for so rare that it reads and sorts whole lists.
 * @param user the column of the user's id
 */
export const notSeparatedFrom = (user: string): string => `not coalesce(
        (select true from blocks b
          where b.tenant_id = :tenant and b.blocker_id = :viewerId::uuid and b.blocked_id = ${user}),
        (select true from blocks b
          where b.tenant_id = :tenant and b.blocker_id = ${user} and b.blocked_id = :viewerId::uuid),
        false)`;

/**
 * Condition: a user counts the viewer among their close friends. By the one list of them: joined, all lists are read for
 * a viewer who is on many.
 * @param owner the column of the user's id
 */
export const closeFriendOf = (owner: string): string => `(
        select true from user_list_members m
        where m.tenant_id = :tenant and m.member_id = :viewerId::uuid and m.list_id = (
          select l.id from user_lists l
          where l.tenant_id = :tenant and l.owner_id = ${owner} and l.kind = 'close_friends')
      ) is not null`;
