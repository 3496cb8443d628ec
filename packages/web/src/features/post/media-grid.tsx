import type { Media, MediaVariant } from '@nova/client';
import styles from './post.module.css';

/** Wide enough for the column on a screen of double density. */
const WANTED_WIDTH = 1280;

/** Pictures and the like, which the tenant's backend has made known; addresses that are not https are left out. */
export function MediaGrid({ media }: { readonly media: readonly Media[] }) {
  if (media.length === 0) return null;
  return (
    <div className={styles.media} data-count={Math.min(media.length, 4)}>
      {media.map((medium) => (
        <Medium key={medium.id} medium={medium} />
      ))}
    </div>
  );
}

function Medium({ medium: { kind, alt, variants } }: { readonly medium: Media }) {
  const variant = bestOf(variants);
  if (variant === undefined) return null;
  const size = { width: variant.width ?? undefined, height: variant.height ?? undefined };
  switch (kind) {
    case 'image':
      return <img src={variant.url} alt={alt} loading="lazy" decoding="async" referrerPolicy="no-referrer" {...size} />;
    case 'video':
      return <video src={variant.url} controls preload="none" aria-label={alt} {...size} />;
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: the API knows no captions yet; the label says what is to be heard
      return <audio src={variant.url} controls preload="none" aria-label={alt} />;
    case 'file':
      return (
        <a href={variant.url} target="_blank" rel="noopener noreferrer">
          {alt === '' ? 'Attached file' : alt}
        </a>
      );
  }
}

function bestOf(variants: readonly MediaVariant[]): MediaVariant | undefined {
  const usable = variants.filter(({ url }) => url.startsWith('https:'));
  const byWidth = usable.toSorted((a, b) => (a.width ?? Infinity) - (b.width ?? Infinity));
  return byWidth.find(({ width }) => (width ?? Infinity) >= WANTED_WIDTH) ?? byWidth.at(-1);
}
