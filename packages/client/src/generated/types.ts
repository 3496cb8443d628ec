// Written by `npm run generate` from generated/openapi.json.

export type {
  ContentApi,
  CreateDraftInput,
  CreateMediaInput,
  CreatePostInput,
  DeleteDraftInput,
  DeletePostInput,
  EditPostInput,
  GetDraftInput,
  GetHashtagInput,
  GetLinkPreviewSettingsInput,
  GetMediaInput,
  GetPostInput,
  LikePostInput,
  ListDeletedPostsInput,
  ListDraftsInput,
  ListLikersInput,
  ListPostsByAuthorInput,
  ListPostsByHashtagInput,
  ListPostVersionsInput,
  PublishDraftInput,
  RestorePostInput,
  ScheduleDraftInput,
  SetLinkPreviewSettingsInput,
  UnlikePostInput,
  UnscheduleDraftInput,
  UpdateDraftInput,
  VoteInPollInput,
} from './domains/content.js';
export type { FeedApi, ReadHomeFeedInput } from './domains/feed.js';
export type {
  BlockUserInput,
  FollowUserInput,
  GraphApi,
  ListBlocksInput,
  ListFollowersInput,
  ListFollowingInput,
  UnblockUserInput,
  UnfollowUserInput,
} from './domains/graph.js';
export type {
  GetMeInput,
  GetUserByHandleInput,
  GetUserInput,
  IdentityApi,
  ListSessionsInput,
  RevokeSessionInput,
  SignInInput,
  SignOutInput,
  SignUpInput,
  UpdateProfileInput,
} from './domains/identity.js';
export type {
  CreateApiKeyInput,
  CreateApiKeyOutput,
  ListApiKeysInput,
  RevokeApiKeyInput,
  TenancyApi,
} from './domains/tenancy.js';
export type * from './schemas.js';
