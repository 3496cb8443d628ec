export { addressKey } from './address-key.js';
export { createAttemptLimiter } from './attempt-limiter.js';
export {
  createRateLimiter,
  createUnlimitedRateLimiter,
  type RateLimit,
  type RateLimiter,
} from './limiter.js';
