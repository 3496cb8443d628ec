export type { Domain, DomainBindings, EdgeLoader, GraphqlBinding, RestBinding } from './bindings.js';
export { createExecutor, type Execute, type Outcome, readScope } from './executor.js';
export { coversScopes, KEY_SCOPES, type KeyScope } from './key-scopes.js';
export {
  type Access,
  type BoundOperation,
  bindOperation,
  readOperation,
  writeOperation,
} from './operation.js';
export { PreparedJson } from './prepared-json.js';
export {
  type Call,
  type Plan,
  type Principal,
  type Quotas,
  type Role,
  requireViewer,
  type Scope,
  type Tenant,
  type Viewer,
  type WriteScope,
  withIdempotencyKey,
} from './scope.js';
export { type Check, compileCheck } from './validate.js';
