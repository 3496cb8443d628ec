import { POPULAR_WINDOW_MS } from './limits.js';
import { HALF_LIFE_MS, LIKES_WEIGHT } from './score.js';

/**
 * What the heat of a popular post is made of. It is the likes and the age of its score, less the present moment, which is
 * the same for all: the hottest posts are those with the best scores, at any time.
 */
export const HEAT = { likesWeight: LIKES_WEIGHT, halfLifeMs: HALF_LIFE_MS, windowMs: POPULAR_WINDOW_MS } as const;
