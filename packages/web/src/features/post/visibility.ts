import type { Post } from '@nova/client';
import type { IconName } from '../../ui/icon.js';

/** For whom a post is. */
export const VISIBILITIES: Readonly<Record<Post['visibility'], { readonly icon: IconName; readonly text: string }>> = {
  public: { icon: 'globe', text: 'Everybody' },
  followers: { icon: 'followers', text: 'Followers' },
  close_friends: { icon: 'heart', text: 'Close friends' },
  private: { icon: 'lock', text: 'Only you' },
};

/** Who may reply to it. */
export const REPLY_POLICIES: Readonly<Record<Post['replyPolicy'], string>> = {
  everyone: 'Everybody',
  followers: 'Followers',
  mentioned: 'Mentioned people',
  nobody: 'Nobody',
};
