export { renderOpenApi } from './openapi.js';
export { registerReference } from './reference.js';
export { registerRest } from './routes.js';
