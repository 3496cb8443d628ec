import Type from 'typebox';
import { AccountToken } from '../account-tokens/account-token.js';
import { Email, Password } from '../schema.js';

const closed = { additionalProperties: false } as const;

export const ChangePasswordInput = Type.Object(
  {
    currentPassword: Type.String({ maxLength: 128, description: 'The current password' }),
    newPassword: Password,
  },
  closed,
);

export const RequestPasswordResetInput = Type.Object({ email: Email }, closed);
export const ConfirmPasswordResetInput = Type.Object({ token: AccountToken, password: Password }, closed);
