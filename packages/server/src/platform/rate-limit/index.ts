export { addressKey } from './address-key.js';
export { type Admission, createAdmission, type Refusal } from './admission.js';
export { createAttemptLimiter } from './attempt-limiter.js';
export {
  createRateLimiter,
  createUnlimitedRateLimiter,
  type RateLimit,
  type RateLimiter,
} from './limiter.js';
