import { readOperation } from '../../platform/operation/index.js';
import { normaliseHashtag } from './parse-body.js';
import { hashtagUsage } from './queries/hashtags.js';
import { Hashtag, OneHashtagInput } from './schema.js';

/** How many public posts carry a hashtag: derived from events, so a moment behind. One query. */
export const getHashtag = readOperation({
  name: 'getHashtag',
  summary: 'How much a hashtag is used',
  access: 'anyone',
  input: OneHashtagInput,
  output: Hashtag,
  async run(_deps: object, scope, { hashtag: given }) {
    const hashtag = normaliseHashtag(given);
    if (hashtag === null) return { hashtag: given, posts: 0 };
    const usage = await scope.db.row(hashtagUsage, { hashtag });
    return { hashtag, posts: usage?.posts ?? 0 };
  },
});
