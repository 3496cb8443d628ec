import Type from 'typebox';
import { AccountToken } from '../account-tokens/account-token.js';
import { Email } from '../schema.js';

const closed = { additionalProperties: false } as const;

export const ChangeEmailInput = Type.Object(
  {
    email: Email,
    password: Type.String({ maxLength: 128, description: 'The current password' }),
  },
  closed,
);

export const VerifyEmailInput = Type.Object({ token: AccountToken }, closed);
