import type { ComponentType } from 'react';
import { SignInPage } from '../features/account/sign-in-page.js';
import { SignUpPage } from '../features/account/sign-up-page.js';
import { DeletedPostsPage } from '../features/drafts/deleted-posts-page.js';
import { DraftsPage, ScheduledPage } from '../features/drafts/drafts-page.js';
import { HomePage } from '../features/feed/home-page.js';
import { HashtagPage } from '../features/hashtag/hashtag-page.js';
import { PostPage } from '../features/post/post-page.js';
import { FollowersPage, FollowingPage } from '../features/profile/people-pages.js';
import { ProfilePage } from '../features/profile/profile-page.js';
import { AppearancePage } from '../features/settings/appearance-page.js';
import { BlocksPage } from '../features/settings/blocks-page.js';
import { EditProfilePage } from '../features/settings/edit-profile-page.js';
import { SessionsPage } from '../features/settings/sessions-page.js';
import type { Params } from '../router/match.js';
import { MorePage } from './more-page.js';

interface Route {
  readonly page: ComponentType<{ readonly params: Params }>;
  /** For those who are signed in. */
  readonly isPrivate?: boolean;
}

/** Every address of the app. */
export const ROUTES: readonly (readonly [pattern: string, route: Route])[] = [
  ['/', { page: HomePage }],
  ['/signin', { page: SignInPage }],
  ['/signup', { page: SignUpPage }],
  ['/posts/:postId', { page: PostPage }],
  ['/tags/:hashtag', { page: HashtagPage }],
  ['/@:handle', { page: ProfilePage }],
  ['/@:handle/followers', { page: FollowersPage }],
  ['/@:handle/following', { page: FollowingPage }],
  ['/drafts', { page: DraftsPage, isPrivate: true }],
  ['/drafts/scheduled', { page: ScheduledPage, isPrivate: true }],
  ['/drafts/deleted', { page: DeletedPostsPage, isPrivate: true }],
  ['/settings', { page: EditProfilePage, isPrivate: true }],
  ['/settings/appearance', { page: AppearancePage }],
  ['/settings/sessions', { page: SessionsPage, isPrivate: true }],
  ['/settings/blocks', { page: BlocksPage, isPrivate: true }],
  ['/more', { page: MorePage, isPrivate: true }],
];
