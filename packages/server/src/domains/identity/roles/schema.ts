import Type from 'typebox';
import { pageInput, pageOf } from '../../../platform/cursor/index.js';
import { Id } from '../../../platform/ids/index.js';
import { Role } from '../schema.js';

const closed = { additionalProperties: false } as const;

export const SetUserRoleInput = Type.Object({ userId: Id, role: Role }, closed);

export const UserRole = Type.Object({ userId: Id, role: Role }, { ...closed, title: 'UserRole' });

const RoleChange = Type.Object(
  {
    id: Id,
    userId: Id,
    oldRole: Role,
    newRole: Role,
    changedByUserId: Type.Union([Id, Type.Null()], { description: 'The owner who did it' }),
    changedByKeyId: Type.Union([Id, Type.Null()], { description: 'The secret key with which it was done' }),
    changedAt: Type.String({ maxLength: 27, description: 'RFC 3339 in UTC, with microseconds' }),
  },
  { ...closed, title: 'RoleChange', description: 'One line of the record of roles, which is only ever added to' },
);

export const ListRoleChangesInput = Type.Object(pageInput, closed);
export const RoleChangePage = pageOf(RoleChange);
