export { addressKey } from './address-key.js';
export {
  createRateLimiter,
  createUnlimitedRateLimiter,
  type RateLimit,
  type RateLimiter,
} from './limiter.js';
