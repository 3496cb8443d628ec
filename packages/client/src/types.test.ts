import { describe, expectTypeOf, test } from 'vitest';
import { followUser, listFollowers } from './generated/operations.js';
import {
  bindOperation,
  createTransport,
  type ErrorCode,
  isNovaError,
  type ListedUser,
  type Nova,
  type NovaError,
  type Operation,
  type Page,
  type Post,
  type User,
} from './index.js';
import type { UsedPages, useOperation, usePages } from './react/index.js';

// Checked by `npm run types`: what a wrong type would let through, no test that runs can show.
describe('the types of a client', () => {
  test('inputs are what the operation takes, all of it and nothing else', () => {
    expectTypeOf<Nova['graph']['followUser']>().parameter(0).toEqualTypeOf<{ readonly userId: string }>();
    expectTypeOf<Parameters<Nova['graph']['followUser']>[0]>().not.toBeUndefined();
    expectTypeOf<Nova['feed']['readHomeFeed']>().toBeCallableWith();
    expectTypeOf<Nova['identity']['getMe']>().toBeCallableWith(undefined, { signal: new AbortController().signal });
    expectTypeOf<Parameters<Nova['content']['createPost']>[0]['visibility']>().toEqualTypeOf<
      'public' | 'followers' | 'close_friends' | 'private' | undefined
    >();
    const wrong = (nova: Nova) => {
      // @ts-expect-error -- a required field is missing
      void nova.graph.followUser({});
      // @ts-expect-error -- the input itself is missing
      void nova.graph.followUser();
      // @ts-expect-error -- a field that the operation does not take
      void nova.graph.followUser({ userId: 'u', note: 'hello' });
      // @ts-expect-error -- an operation without input takes none
      void nova.identity.getMe({ userId: 'u' });
      // @ts-expect-error -- only lists have pages
      void nova.identity.getMe.all();
    };
    expectTypeOf(wrong).toBeFunction();
  });

  test('outputs are the schemas of the server', () => {
    expectTypeOf<Nova['feed']['readHomeFeed']>().returns.resolves.toExtend<Page<Post>>();
    expectTypeOf<Nova['content']['deletePost']>().returns.resolves.toBeVoid();
    expectTypeOf<Post['author']>().toEqualTypeOf<User>();
    expectTypeOf<Post['language']>().toEqualTypeOf<string | null>();
    expectTypeOf<ReturnType<Nova['graph']['listFollowers']['all']>>().toEqualTypeOf<
      AsyncGenerator<ListedUser, void, undefined>
    >();
  });

  test('an operation bound by itself has the types of the client', () => {
    const transport = createTransport({ baseUrl: 'http://localhost' });
    const follow = bindOperation(transport, followUser);
    const followers = bindOperation(transport, listFollowers);
    expectTypeOf(follow).toEqualTypeOf<Nova['graph']['followUser']>();
    expectTypeOf(followers).toEqualTypeOf<Nova['graph']['listFollowers']>();
    expectTypeOf<Operation<{ a: 1 }, 2>>().not.toEqualTypeOf<Operation<{ a: 2 }, 2>>();
  });

  test('codes of errors are a closed set, and narrowed by asking', () => {
    expectTypeOf<'not_found'>().toExtend<ErrorCode>();
    expectTypeOf<'connection_failed'>().toExtend<ErrorCode>();
    expectTypeOf<'not_fuond'>().not.toExtend<ErrorCode>();
    const narrowed = (error: unknown) => {
      if (isNovaError(error, 'not_found', 'forbidden')) {
        expectTypeOf(error.code).toEqualTypeOf<'not_found' | 'forbidden'>();
      }
      if (isNovaError(error)) expectTypeOf(error).toExtend<NovaError>();
    };
    expectTypeOf(narrowed).toBeFunction();
  });

  test('hooks have the types of what they are given', () => {
    const component = (use: typeof useOperation, pages: typeof usePages, nova: Nova) => {
      expectTypeOf(use(nova.content.getPost, { postId: 'p' }).data).toEqualTypeOf<Post | undefined>();
      expectTypeOf(use(nova.content.getPost, null).error).toEqualTypeOf<Error | null>();
      const list = pages(nova.graph.listFollowers, { userId: 'u' });
      expectTypeOf(list).toExtend<UsedPages<Page<ListedUser>>>();
      expectTypeOf(list.items).toEqualTypeOf<readonly ListedUser[]>();
      // @ts-expect-error -- where a list goes on is for the hook to say
      pages(nova.graph.listFollowers, { userId: 'u', cursor: 'c' });
      // @ts-expect-error -- no list
      pages(nova.content.getPost, { postId: 'p' });
    };
    expectTypeOf(component).toBeFunction();
  });
});
