export { createPasswordHasher, type HashObservation, type PasswordHasher } from './password-hasher.js';
