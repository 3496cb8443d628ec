export { deterministicId, Id, idAt, newId } from './ids.js';
