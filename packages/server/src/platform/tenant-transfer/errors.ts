/** What an operator can do something about: the message says what. */
export class TenantTransferError extends Error {
  override readonly name = 'TenantTransferError';
  readonly code: 'unsupported_schema' | 'no_such_tenant' | 'not_empty' | 'target_exists' | 'damaged' | 'unreadable';

  constructor(code: TenantTransferError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
