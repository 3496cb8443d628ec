import { useNova, useOperation, usePages } from '@nova/client/react';
import type { Params } from '../../router/match.js';
import { counted } from '../../text/counts.js';
import { Page, Sheet } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import { PostList } from '../post/post-list.js';

export function HashtagPage({ params }: { readonly params: Params }) {
  const { content } = useNova();
  const hashtag = params['hashtag'] ?? '';
  const { data } = useOperation(content.getHashtag, { hashtag });
  const pages = usePages(content.listPostsByHashtag, { hashtag, limit: 20 });
  return (
    <Page
      title={`#${data?.hashtag ?? hashtag}`}
      note={data === undefined ? undefined : counted(data.posts, 'public post', 'public posts')}
      parent="/"
    >
      <Sheet>
        <PostList
          pages={pages}
          label={`Posts with #${hashtag}`}
          empty={
            <EmptyState icon="quote" title="Nobody has written about it">
              Put #{hashtag} into a post, and it appears here.
            </EmptyState>
          }
        />
      </Sheet>
    </Page>
  );
}
