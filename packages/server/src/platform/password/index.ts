export {
  createPasswordHasher,
  type HashObservation,
  type PasswordHasher,
  type PasswordHasherOptions,
} from './password-hasher.js';
