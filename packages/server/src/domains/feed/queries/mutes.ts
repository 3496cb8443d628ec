/**
 * Condition: the viewer does not mute a user. Whom they mute is read once, not a row a user.
 * @param user the column of the user's id
 */
export const notMutedBy = (user: string): string => `${user} <> all (array(
        select m.muted_id from mutes m
        where m.tenant_id = :tenant and m.muter_id = :viewerId::uuid and (m.expires_at is null or m.expires_at > now())))`;
