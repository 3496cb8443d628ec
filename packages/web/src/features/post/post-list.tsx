import type { Page, Post } from '@nova/client';
import type { UsedPages } from '@nova/client/react';
import type { ReactNode } from 'react';
import { rows } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { PostCard } from './post-card.js';

interface PostListProps {
  readonly pages: UsedPages<Page<Post>>;
  readonly label: string;
  readonly empty: ReactNode;
}

export function PostList({ pages, label, empty }: PostListProps) {
  return (
    <PagedList pages={pages} label={label} keyOf={({ id }) => id} empty={empty} className={rows}>
      {(post) => <PostCard post={post} />}
    </PagedList>
  );
}
