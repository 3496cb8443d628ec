const HUES = 8;

/** The first letters of the first and the last word, whole characters even where they are several code points. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /[\p{L}\p{N}\p{So}]/u.test(word));
  const first = words[0] ?? name;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .map((word) => (word === undefined ? '' : firstCharacter(word)))
    .join('')
    .toUpperCase();
}

/** Always the same for one user. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

function firstCharacter(word: string): string {
  const [first] = new Intl.Segmenter().segment(word.replace(/^[^\p{L}\p{N}\p{So}]+/u, ''));
  return first?.segment ?? '';
}
