import type { PostEntity } from '@nova/client';
import { Link } from '../../router/link.js';
import { type Segment, segmentsOf } from '../../text/segments.js';
import styles from './post.module.css';

interface PostBodyProps {
  readonly body: string;
  readonly entities: readonly PostEntity[];
  readonly isLarge?: boolean;
}

/** The words of a post: text as text, and links to whom and what they name. */
export function PostBody({ body, entities, isLarge = false }: PostBodyProps) {
  return (
    <p className={isLarge ? styles.largeBody : styles.body} dir="auto">
      {segmentsOf(body, entities).map((segment) => (
        <Part key={segment.start} segment={segment} />
      ))}
    </p>
  );
}

function Part({ segment }: { readonly segment: Segment }) {
  switch (segment.kind) {
    case 'text':
      return segment.text;
    case 'hashtag':
      return <Link to={`/tags/${encodeURIComponent(segment.hashtag)}`}>{segment.text}</Link>;
    case 'mention':
      return <Link to={`/@${handleOf(segment.text)}`}>{segment.text}</Link>;
    case 'link':
      return (
        <a href={segment.url} target="_blank" rel="noopener noreferrer nofollow ugc">
          {shortened(segment.url)}
        </a>
      );
  }
}

/** Written in full width or in capitals, it is the same person. */
function handleOf(mention: string): string {
  return mention.normalize('NFKC').toLowerCase().slice(1);
}

const MAX_SHOWN = 48;

function shortened(url: string): string {
  const bare = url.replace(/^https?:\/\//i, '');
  return bare.length > MAX_SHOWN ? `${bare.slice(0, MAX_SHOWN - 1)}…` : bare;
}
