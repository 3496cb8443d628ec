import { describe, expect, it } from 'vitest';
import { firstMatch, matchPath } from './match.js';

describe('matchPath', () => {
  it('takes parameters out of segments, decoded', () => {
    expect(matchPath('/@:handle/followers', '/@ada/followers')).toEqual({ handle: 'ada' });
    expect(matchPath('/tags/:tag', `/tags/${encodeURIComponent('日本 語/x')}`)).toEqual({ tag: '日本 語/x' });
    expect(matchPath('/', '')).toEqual({});
    expect(matchPath('/settings/profile', '/settings/profile/')).toEqual({});
  });

  it('matches whole paths only', () => {
    expect(matchPath('/posts/:postId', '/posts')).toBeNull();
    expect(matchPath('/posts/:postId', '/posts/1/more')).toBeNull();
    expect(matchPath('/@:handle', '/ada')).toBeNull();
    expect(matchPath('/@:handle', '/@')).toBeNull();
  });

  it('matches nothing that cannot be decoded', () => {
    expect(matchPath('/tags/:tag', '/tags/%E0%A4%A')).toBeNull();
  });
});

it('takes the first of several patterns', () => {
  const routes = [
    ['/posts/new', 'new'],
    ['/posts/:postId', 'one'],
  ] as const;
  expect(firstMatch(routes, '/posts/new')?.value).toBe('new');
  expect(firstMatch(routes, '/posts/7')).toEqual({ value: 'one', params: { postId: '7' } });
  expect(firstMatch(routes, '/elsewhere')).toBeNull();
});
