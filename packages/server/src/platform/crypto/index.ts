export { createSealer, type Sealer } from './sealed-secrets.js';
