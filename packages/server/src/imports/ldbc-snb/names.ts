/** Handles hold 30 characters; the id's part takes at most 13 and an underscore. */
const NAME_PART = 16;

/** `Jose Alonso`, 8796093022220 -> `jose_alonso_3479hbt0k`: readable, and unique as the id is. */
export function handleOf(firstName: string, lastName: string, id: string): string {
  const name = `${firstName}_${lastName}`
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+/, '')
    .slice(0, NAME_PART)
    .replace(/_+$/, '');
  const suffix = BigInt(id).toString(36);
  return name === '' ? `user_${suffix}` : `${name}_${suffix}`;
}

/** `Arthur_C._Clarke` -> `arthur_c_clarke`: the letters, digits and underscores that a hashtag has; or nothing. */
export function hashtagOf(name: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}\p{M}_]+/gu, '_')
    .replace(/__+/g, '_')
    .replace(/^[_\p{M}]+|_+$/gu, '');
  return [...words].slice(0, 100).join('');
}
