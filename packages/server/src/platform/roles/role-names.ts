/** The schema of every Nova table, and the three roles that may reach it. */
export const NOVA_SCHEMA = 'nova';
export const OWNER_ROLE = 'nova_owner';
export const APP_ROLE = 'nova_app';
export const SYSTEM_ROLE = 'nova_system';
