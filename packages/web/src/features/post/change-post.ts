import type { Nova, Post } from '@nova/client';
import type { Ahead } from '@nova/client/react';

/** Every list of posts, for what changes a post wherever it is shown. */
export const listsOfPosts = ({ feed, content }: Nova) => [
  feed.readHomeFeed,
  content.listPostsByAuthor,
  content.listPostsByHashtag,
];

/** Shows a changed post wherever it is, before the server has answered. */
export function changePost(nova: Nova, ahead: Ahead, postId: string, apply: (post: Post) => Post): void {
  for (const list of listsOfPosts(nova)) {
    ahead.changeItems(list as typeof nova.feed.readHomeFeed, (post) => (post.id === postId ? apply(post) : post));
  }
  ahead.change(nova.content.getPost, { postId }, apply);
}

/** Takes a post out of every list. */
export function removePost(nova: Nova, ahead: Ahead, postId: string): void {
  for (const list of listsOfPosts(nova)) {
    ahead.changeItems(list as typeof nova.feed.readHomeFeed, (post) => (post.id === postId ? null : post));
  }
}
