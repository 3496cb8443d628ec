/**
 * Condition: a user counts the viewer among their close friends. By the one list of them: joined, all lists are read for
 * a viewer who is on many.
 * @param owner the column of the user's id
 */
export const closeFriendOf = (owner: string): string => `(
              select true from user_list_members m
              where m.tenant_id = :tenant and m.member_id = :viewerId::uuid and m.list_id = (
                select l.id from user_lists l
                where l.tenant_id = :tenant and l.owner_id = ${owner} and l.kind = 'close_friends')) is not null`;
