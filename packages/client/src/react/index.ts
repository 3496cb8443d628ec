export { NovaProvider, useNova } from './provider.js';
export { type Ahead, type MutationOptions, type UsedMutation, useMutation } from './use-mutation.js';
export { type UsedOperation, useOperation } from './use-operation.js';
export { type UsedPages, usePages } from './use-pages.js';
export { type UsedSession, useSession } from './use-session.js';
