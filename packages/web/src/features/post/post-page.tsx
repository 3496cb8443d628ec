import { isNovaError } from '@nova/client';
import { useNova, useOperation } from '@nova/client/react';
import type { Params } from '../../router/match.js';
import { ButtonLink } from '../../ui/button.js';
import { Page, Sheet } from '../../ui/page.js';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.js';
import { PostCard } from './post-card.js';

export function PostPage({ params }: { readonly params: Params }) {
  const { content } = useNova();
  const { data, error, refresh } = useOperation(content.getPost, { postId: params['postId'] ?? '' });
  // What was seen before is no longer to be seen.
  const post = isNovaError(error, 'not_found') ? undefined : data;
  return (
    <Page title={post === undefined ? 'Post' : `${post.author.displayName}’s post`} parent="/">
      <Sheet>
        {post !== undefined && <PostCard post={post} isAlone />}
        {post === undefined && error === null && <Skeleton rows={1} />}
        {post === undefined && error !== null && <NoPost error={error} onRetry={() => void refresh()} />}
      </Sheet>
    </Page>
  );
}

function NoPost({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (!isNovaError(error, 'not_found', 'invalid_request')) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState icon="lock" title="This post is not here" action={<ButtonLink to="/">Go home</ButtonLink>}>
      It was deleted, or it is not for you to see.
    </EmptyState>
  );
}
