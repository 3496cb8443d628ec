import { type BackgroundLoop, createLoop } from '../background-loop.js';
import { PUBLISH_BATCH } from '../limits.js';
import { type PublishDueDeps, publishDueDrafts } from './publish-due-drafts.js';

/** A scheduled post is seen this much later than its time, at the most and on a machine with room; in ms. */
const LOOK_EVERY_MS = 500;

/** Publishes scheduled posts while it runs. */
export function createPublisher(deps: PublishDueDeps): BackgroundLoop {
  return createLoop({
    turn: () => publishDueDrafts(deps),
    batch: PUBLISH_BATCH,
    everyMs: LOOK_EVERY_MS,
    log: deps.log,
    what: 'publishing scheduled posts',
  });
}
