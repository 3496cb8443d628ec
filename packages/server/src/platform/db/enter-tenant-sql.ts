/** The settings that a read runs under, for its own transaction only: tenant and `statement_timeout`. */
export const ENTER_TENANT = {
  name: 'db.enterTenant',
  text: `select set_config('nova.tenant_id', $1, true), set_config('statement_timeout', $2, true),
    set_config('transaction_read_only', 'on', true)`,
};
