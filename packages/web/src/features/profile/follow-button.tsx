import type { UserProfile } from '@nova/client';
import { useMutation, useNova } from '@nova/client/react';
import { Button } from '../../ui/button.js';
import { useNotices } from '../../ui/notices.js';

/** Follows, or stops. Shown for others to somebody who is signed in. */
export function FollowButton({ profile }: { readonly profile: UserProfile }) {
  const { graph, identity, feed, content } = useNova();
  const { sayError } = useNotices();
  const { viewer, handle, displayName } = profile;
  const isFollowing = viewer?.following ?? false;
  const set = useMutation(isFollowing ? graph.unfollowUser : graph.followUser, {
    ahead: (ahead) =>
      ahead.change(identity.getUserByHandle, { handle }, (shown) => ({
        ...shown,
        counts: { ...shown.counts, followers: Math.max(0, shown.counts.followers + (isFollowing ? -1 : 1)) },
        viewer: shown.viewer && { ...shown.viewer, following: !isFollowing },
      })),
    // What is for followers appears, or goes.
    invalidates: [feed.readHomeFeed, graph.listFollowers, graph.listFollowing, content.listPostsByAuthor],
  });
  if (viewer === null) return null;
  return (
    <Button
      look={isFollowing ? 'secondary' : 'primary'}
      isBusy={set.isRunning}
      onClick={() => void set.run({ userId: profile.id }).catch(sayError)}
    >
      {isFollowing ? 'Following' : 'Follow'}
      <span className="visually-hidden">
        {displayName}
        {isFollowing && ', stop following'}
      </span>
    </Button>
  );
}
