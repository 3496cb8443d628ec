import Type from 'typebox';
import { defineTenantSettings } from '../../platform/tenant-settings/index.js';

export const identitySettings = defineTenantSettings('identity', {
  signUpOpen: {
    schema: Type.Boolean(),
    default: true,
    changedBy: 'tenant',
    description: 'Whether anybody may make an account',
  },
});
