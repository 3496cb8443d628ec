import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseHashtag, parseBody } from './parse-body.js';

const hashtags = (body: string) => parseBody(body).hashtags;
const handles = (body: string) => parseBody(body).handles;

describe('hashtags', () => {
  it.each([
    ['#one and #TWO, #one again', ['one', 'two']],
    ['日本語 #タグ です。#中文！語中の#タグ', ['タグ', '中文']],
    ['全角の＃ＮＯＶＡ と #ＮＯＶＡ', ['nova']],
    ['#नमस्ते #สวัสดี #שָׁלוֹם', ['नमस्ते', 'สวัสดี', 'שָׁלוֹם'.normalize('NFKC')]],
    ['#cafe\u0301 #café', ['café']],
    ['#snake_case #2026 #_', ['snake_case', '2026', '_']],
    ['😀#tag😀 #tag2👍🏽 #😀', ['tag', 'tag2']],
    ['keycap #️⃣ and #\u20e3', []],
    ['a#b &#39; http://x.org/#top http://x.org/a#top', []],
    ['##double (#round) "#quoted"', ['double', 'round', 'quoted']],
    ['#a-b #c.d', ['a', 'c']],
    ['# #', []],
    ['#ﷺ', ['صلى']],
    ['#İstanbul', ['i\u0307stanbul']],
  ])('of %j', (body, expected) => {
    expect(hashtags(body)).toEqual(expected);
  });

  it('end at 30, and are 100 code points at most', () => {
    const many = Array.from({ length: 40 }, (_, index) => `#t${index}`).join(' ');
    expect(hashtags(many)).toEqual(Array.from({ length: 30 }, (_, index) => `t${index}`));
    const letter = '𝒜'.normalize('NFD');
    expect(hashtags(`#${'x'.repeat(100)} #${'y'.repeat(101)}`)).toEqual(['x'.repeat(100)]);
    expect(hashtags(`#${'𠀀'.repeat(100)} #${'𠀁'.repeat(101)} ${letter}`)).toEqual(['𠀀'.repeat(100)]);
  });

  it('are found again by their normalised name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        for (const hashtag of hashtags(`#${text} #${text.replaceAll(' ', '')}`)) {
          expect(normaliseHashtag(hashtag)).toBe(hashtag);
          expect(normaliseHashtag(`#${hashtag}`)).toBe(hashtag);
          expect(normaliseHashtag(hashtag.toUpperCase())).not.toBeNull();
        }
      }),
    );
  });

  it('of a request are normalised or refused', () => {
    expect(normaliseHashtag('#ＮＯＶＡ')).toBe('nova');
    for (const bad of ['', '#', 'two words', '##a', 'a-b', '😀', 'x'.repeat(101), '\u0301a']) {
      expect(normaliseHashtag(bad)).toBeNull();
    }
  });
});

describe('mentions', () => {
  it.each([
    ['@ann and @Bob_2, @ann', ['ann', 'bob_2']],
    ['(@ann) @ann. "@bob"', ['ann', 'bob']],
    ['mail ann@example.org or @ann@example.org', []],
    ['@ab @a', []],
    [`@${'x'.repeat(30)} @${'y'.repeat(31)}`, ['x'.repeat(30)]],
    ['@ann日本 日本@ann', []],
    ['＠ａｎｎ', ['ann']],
    ['👋@ann👋', ['ann']],
  ])('of %j', (body, expected) => {
    expect(handles(body)).toEqual(expected);
  });

  it('end at 50', () => {
    const many = Array.from({ length: 60 }, (_, index) => `@user${index}`).join(' ');
    expect(handles(many)).toHaveLength(50);
  });
});

describe('long bodies', () => {
  // Backtracking over 500,000 characters would outlast the test's time by far.
  it.each([
    ['#'],
    ['@'],
    ['a'],
    ['#a'],
    ['@a'],
    ['@aaa'],
    ['#a@b'],
    ['_'],
    ['\u0301'],
    ['#\u0301'],
    ['ﷺ'],
    ['😀#'],
    ['@a_'],
  ])('of nothing but %j take linear time', (unit) => {
    const parsed = parseBody(unit.repeat(Math.ceil(500_000 / unit.length)));
    expect(parsed.hashtags.length).toBeLessThanOrEqual(30);
    expect(parsed.handles.length).toBeLessThanOrEqual(50);
  });
});

/** What a client marks as a link: the parts of the body that the places name. */
const partsOf = (body: string) => {
  const { hashtagsAt, handlesAt } = parseBody(body);
  return [...hashtagsAt, ...handlesAt]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => body.slice(start, end));
};

describe('places in the body as written', () => {
  it.each([
    ['#one @ann #ONE', ['#one', '@ann', '#ONE']],
    ['👨‍👩‍👧‍👦 #family 👩🏽‍🚀@ann', ['#family', '@ann']],
    ['🇩🇪🇯🇵 #旗 🏴󠁧󠁢󠁳󠁣󠁴󠁿 #flag', ['#旗', '#flag']],
    ['日本語 ＃ＮＯＶＡ と ＠ａｎｎ', ['＃ＮＯＶＡ', '＠ａｎｎ']],
    ['﹟small ﹫ann', ['﹟small', '﹫ann']],
    ['e\u0301 #cafe\u0301 n\u0303 @ann', ['#cafe\u0301', '@ann']],
    ['ﷺ ﷺ #ﷺ @ann', ['#ﷺ', '@ann']],
    ['ΟΔΟΣ #ΟΔΟΣ @ann', ['#ΟΔΟΣ', '@ann']],
    ['İİİ #İstanbul @ann', ['#İstanbul', '@ann']],
    ['ㄱㅏㄱㅏ #ㄱㅏ @ann ㈀ㅏ ㉠ㅏ #태그', ['#ㄱㅏ', '@ann', '#태그']],
    ['ｶﾞｶﾞ #ｶﾞ @ann', ['#ｶﾞ', '@ann']],
    ['½ ﬃ ㎏ ① #½ @ann', ['#½', '@ann']],
    ['keycap #️⃣ @ann', ['@ann']],
    ['நொ ക്ഷൊ #நொ @ann', ['#நொ', '@ann']],
  ])('of %j', (body, expected) => {
    expect(partsOf(body)).toEqual(expected);
  });

  // Seeded bugs that turn this red: places of the normalised text; parts that are single characters.
  it('are of what was found there, whatever stands around it', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...'ㄱㅏ가각ᆨﾡￂ㉠ｶﾞﾟΣσİﷺﬃ½e\u0301\u0345\u0327\u200d\ufe0f🇩👩'), maxLength: 20 }),
    );
    const sign = fc.constantFrom('#', '＃', '﹟', '@', '＠', '﹫');
    const name = fc.oneof(fc.constantFrom('ann', 'ＡＮＮ', 'Nova', 'ノヴァ', '태그', 'ｶﾞ', 'cafe\u0301', 'ﬁn'), noise);
    let places = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, fc.constantFrom(' ', ''), sign, name), { maxLength: 8 }), (parts) => {
        const body = parts.flat().join('').replaceAll('\0', '');
        const { hashtags: tags, handles: names, hashtagsAt, handlesAt } = parseBody(body);
        // Whatever takes effect has a place.
        expect([...new Set(hashtagsAt.map((place) => place.name))]).toEqual(tags);
        expect([...new Set(handlesAt.map((place) => place.name))]).toEqual(names);
        let end = 0;
        for (const place of [...hashtagsAt, ...handlesAt].sort((a, b) => a.start - b.start)) {
          expect(place.start).toBeGreaterThanOrEqual(end);
          const part = body.slice(place.start, place.end);
          expect(part.isWellFormed() || !body.isWellFormed()).toBe(true);
          // A ligature may hold more than the hashtag, in the end.
          const found = part.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
          expect(found.startsWith((/^[@＠﹫]/.test(part) ? '@' : '#') + place.name.replaceAll('ς', 'σ'))).toBe(true);
          end = place.end;
          places += 1;
        }
        expect(end).toBeLessThanOrEqual(body.length);
      }),
      { numRuns: 3_000 },
    );
    expect(places).toBeGreaterThan(1_000);
  });

  it('end at 100 of each', () => {
    expect(parseBody('#a @ann '.repeat(150)).hashtagsAt).toHaveLength(100);
    expect(parseBody('#a @ann '.repeat(150)).handlesAt).toHaveLength(100);
  });
});
