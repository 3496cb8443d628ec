import Type from 'typebox';
import { pageInput, pageOf } from '../../platform/cursor/index.js';
import { Post } from '../content/index.js';

export const HomeFeedInput = Type.Object(pageInput, { additionalProperties: false });

export const HomeFeed = pageOf(Post);
