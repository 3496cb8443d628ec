import type { PostEntity } from '@nova/client';
import { describe, expect, it } from 'vitest';
import { draftSegments, lengthOf, segmentsOf } from './segments.js';

const hashtag = (body: string, text: string): PostEntity => {
  const start = body.indexOf(text);
  return { type: 'hashtag', start, end: start + text.length, hashtag: text.slice(1).toLowerCase(), userId: null };
};
const mention = (body: string, text: string): PostEntity => {
  const start = body.indexOf(text);
  return { type: 'mention', start, end: start + text.length, hashtag: null, userId: 'u' };
};
const shown = (body: string, entities: readonly PostEntity[]) =>
  segmentsOf(body, entities).map(({ kind, text }) => [kind, text]);

describe('segmentsOf', () => {
  it('finds entities behind emoji and in CJK by UTF-16 places', () => {
    const body = '👩‍👩‍👧 Hallo @ada, 见 #日本語 und 𠮷 #Ende🎉';
    const entities = [hashtag(body, '#日本語'), mention(body, '@ada'), hashtag(body, '#Ende')];
    expect(shown(body, entities)).toEqual([
      ['text', '👩‍👩‍👧 Hallo '],
      ['mention', '@ada'],
      ['text', ', 见 '],
      ['hashtag', '#日本語'],
      ['text', ' und 𠮷 '],
      ['hashtag', '#Ende'],
      ['text', '🎉'],
    ]);
  });

  it('loses nothing of the text, whatever the entities say', () => {
    const body = 'a #b c @d e';
    const nonsense: PostEntity[] = [
      hashtag(body, '#b'),
      { type: 'mention', start: 3, end: 7, hashtag: null, userId: 'u' },
      { type: 'hashtag', start: 90, end: 95, hashtag: 'x', userId: null },
      { type: 'hashtag', start: 5, end: 5, hashtag: 'x', userId: null },
    ];
    expect(
      segmentsOf(body, nonsense)
        .map(({ text }) => text)
        .join(''),
    ).toBe(body);
  });

  it('makes links of web addresses only, without the end of their sentence', () => {
    expect(shown('See (https://example.org/a_(b)?q=1#top). Not javascript:alert(1)', [])).toEqual([
      ['text', 'See ('],
      ['link', 'https://example.org/a_(b)?q=1#top'],
      ['text', '). Not javascript:alert(1)'],
    ]);
  });

  it('keeps markup as words', () => {
    expect(shown('<img src=x onerror=alert(1)>', [])).toEqual([['text', '<img src=x onerror=alert(1)>']]);
  });
});

describe('draftSegments', () => {
  const marked = (body: string) => draftSegments(body).flatMap(({ text, isMarked }) => (isMarked ? [text] : []));

  it.each([
    ['Hello #world and @ada_1!', ['#world', '@ada_1']],
    ['👋@ada #日本語🎉 #a̐b', ['@ada', '#日本語', '#a̐b']],
    ['mail ada@example.org, @me@host, a#b, &#39; http://x/#top #️⃣', []],
    ['＠ada ＃ｔａｇ', ['＠ada', '＃ｔａｇ']],
    ['@ab is too short', []],
  ])('%s', (body, names) => {
    expect(marked(body)).toEqual(names);
    expect(
      draftSegments(body)
        .map(({ text }) => text)
        .join(''),
    ).toBe(body);
  });
});

it('counts code points', () => {
  expect(lengthOf('a日𠮷🎉')).toBe(4);
});
