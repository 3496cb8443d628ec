export {
  defineErrors,
  type ErrorCatalogue,
  mergeCatalogues,
  NovaError,
  type Problem,
} from './nova-error.js';
export { platformErrors } from './platform-errors.js';
