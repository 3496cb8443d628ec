import { describe, expect, it } from 'vitest';
import { hashtagOf } from './names.js';

describe('the hashtag of a name', () => {
  it.each([
    ['Arthur_C._Clarke', 'arthur_c_clarke'],
    ['São_Paulo', 'são_paulo'],
    ['東京', '東京'],
    ['Ｗｉｄｅ', 'wide'],
    ['İstanbul', 'i̇stanbul'],
    ['\u0301accent', 'accent'],
    ['_&_', ''],
    ['...', ''],
    ['𝒳', 'x'],
    ['𐐨'.repeat(120), '𐐨'.repeat(100)],
  ])('%s: %s', (name, hashtag) => {
    expect(hashtagOf(name)).toBe(hashtag);
  });
});
