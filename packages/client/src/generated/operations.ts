// Written by `npm run generate` from generated/openapi.json.

export {
  createDraft,
  createMedia,
  createPost,
  deleteDraft,
  deletePost,
  editPost,
  getDraft,
  getHashtag,
  getLinkPreviewSettings,
  getMedia,
  getPost,
  likePost,
  listDeletedPosts,
  listDrafts,
  listLikers,
  listPostsByAuthor,
  listPostsByHashtag,
  listPostVersions,
  publishDraft,
  restorePost,
  scheduleDraft,
  setLinkPreviewSettings,
  unlikePost,
  unscheduleDraft,
  updateDraft,
  voteInPoll,
} from './domains/content.js';
export { readHomeFeed } from './domains/feed.js';
export {
  blockUser,
  followUser,
  listBlocks,
  listFollowers,
  listFollowing,
  unblockUser,
  unfollowUser,
} from './domains/graph.js';
export {
  getMe,
  getUser,
  getUserByHandle,
  listSessions,
  revokeSession,
  signIn,
  signOut,
  signUp,
  updateProfile,
} from './domains/identity.js';
export { createApiKey, listApiKeys, revokeApiKey } from './domains/tenancy.js';
