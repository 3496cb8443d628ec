import { createElement, Fragment, type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../../server/src/testing/test-app.js';
import { createNova, isNovaError, type Nova, type Post } from '../index.js';
import { acting, type Dom, openDom } from '../testing/dom.js';
import {
  type Behaviour,
  forward,
  problem,
  silence,
  startUnrulyServer,
  type UnrulyServer,
} from '../testing/unruly-server.js';
import { NovaProvider, useMutation, useNova, useOperation, usePages, useSession } from './index.js';

let app: TestApp;
let server: UnrulyServer;
let dom: Dom;
let ada: Nova;
let adaId: string;
let people = 0;

beforeAll(async () => {
  app = await startTestApp();
  server = await startUnrulyServer();
});
beforeEach(async () => {
  server.plan(forward(app.url));
  dom = await openDom();
  ada = createNova({ baseUrl: server.url, retry: { maxAttempts: 1 } });
  people += 1;
  const handle = `ada_${people}`;
  const account = { handle, email: `${handle}@example.org`, password: 'a long password' };
  ({ id: adaId } = await ada.session.signUp(account));
  server.plan(forward(app.url));
});
afterEach(async () => {
  await dom.close();
});
afterAll(async () => {
  await server.close();
  await app.close();
});

/** A request that waits until the test says what is done with it. */
const held = () => {
  let release: (behaviour: Behaviour) => void = () => {};
  const decided = new Promise<Behaviour>((resolve) => {
    release = resolve;
  });
  const behaviour: Behaviour = async (response, request) => (await decided)(response, request);
  return { behaviour, release };
};

const within = (nova: Nova, ...children: ReactNode[]) => createElement(NovaProvider, { nova }, ...children);
const asked = () => server.requests.map(({ method, path }) => `${method} ${path.replace('/api/v1', '').split('?')[0]}`);

function Handle({ userId }: { readonly userId: string | null }) {
  const { identity } = useNova();
  const { data, error, isLoading } = useOperation(identity.getUser, userId === null ? null : { userId });
  return `[${isLoading ? 'loading' : (data?.handle ?? (isNovaError(error) ? error.code : 'nothing'))}]`;
}

describe('useOperation', () => {
  test('shows an answer to all who ask for the same, for one request', async () => {
    const twice = within(ada, createElement(Handle, { userId: adaId }), createElement(Handle, { userId: adaId }));
    await dom.render(createElement(StrictMode, null, twice));
    await dom.until(() => !dom.text.includes('loading'));
    expect(dom.text).toBe(`[ada_${people}][ada_${people}]`);
    expect(asked()).toEqual([`GET /users/${adaId}`]);
  });

  test('lets who comes later share a request that is under way', async () => {
    const { behaviour, release } = held();
    server.plan(behaviour);
    await dom.render(within(ada, createElement(Handle, { userId: adaId })));
    await dom.until(() => server.requests.length === 1);
    await dom.render(within(ada, createElement(Handle, { userId: adaId }), createElement(Handle, { userId: adaId })));
    release(forward(app.url));
    await dom.until(() => !dom.text.includes('loading'));
    expect(dom.text).toBe(`[ada_${people}][ada_${people}]`);
    expect(server.requests).toHaveLength(1);
  });

  test('tells errors, asks for nothing without an input, and follows a new input', async () => {
    await dom.render(within(ada, createElement(Handle, { userId: null })));
    expect([dom.text, asked()]).toEqual(['[nothing]', []]);
    await dom.render(within(ada, createElement(Handle, { userId: '0190c0de-0000-7000-8000-000000000001' })));
    await dom.until(() => dom.text === '[not_found]');
    await dom.render(within(ada, createElement(Handle, { userId: adaId })));
    await dom.until(() => dom.text === `[ada_${people}]`);
  });

  test('ends the request when nobody looks any more, and asks again when somebody does', async () => {
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    server.plan((response) => void response.on('close', end), forward(app.url));
    await dom.render(within(ada, createElement(Handle, { userId: adaId })));
    await dom.until(() => server.requests.length === 1);
    await dom.render(within(ada));
    await ended;
    await dom.render(within(ada, createElement(Handle, { userId: adaId })));
    await dom.until(() => dom.text === `[ada_${people}]`);
    expect(server.requests).toHaveLength(2);
  });

  test('shows at once what it knows, and looks whether it still holds', async () => {
    await dom.render(within(ada, createElement(Handle, { userId: adaId })));
    await dom.until(() => dom.text === `[ada_${people}]`);
    await dom.render(within(ada));
    function Name() {
      const { data } = useOperation(ada.identity.getUser, { userId: adaId });
      return data?.displayName ?? '';
    }
    await ada.identity.updateProfile({ displayName: 'Countess' });
    await dom.render(within(ada, createElement(Name)));
    expect(dom.text).toBe(`ada_${people}`);
    await dom.until(() => dom.text === 'Countess');
  });

  test('refuses an operation that changes something', async () => {
    function Wrong() {
      useOperation(ada.content.createPost, { body: 'at each rendering' });
      return null;
    }
    expect(() => renderToString(within(ada, createElement(Wrong)))).toThrow(/createPost changes something/);
    expect(() => renderToString(createElement(Handle, { userId: null }))).toThrow(/NovaProvider/);
  });

  test('waits on a server, and asks for nothing there', () => {
    function User() {
      const { session } = useSession();
      return session === null ? 'nobody' : 'somebody';
    }
    const both = createElement(Fragment, null, createElement(User), createElement(Handle, { userId: adaId }));
    expect(renderToString(within(ada, both)).replaceAll('<!-- -->', '')).toBe('nobody[loading]');
    expect(server.requests).toEqual([]);
  });
});

describe('usePages', () => {
  let shown: ReturnType<typeof usePages<{ userId: string }, Awaited<ReturnType<Nova['content']['listPostsByAuthor']>>>>;
  function Posts() {
    shown = usePages(ada.content.listPostsByAuthor, { userId: adaId, limit: 2 });
    return shown.items.map(({ body }) => body).join(' ');
  }
  beforeEach(async () => {
    for (const body of ['1', '2', '3', '4', '5']) await ada.content.createPost({ body });
    server.plan(forward(app.url));
    await dom.render(within(ada, createElement(Posts)));
    await dom.until(() => dom.text === '5 4');
  });

  test('grows page by page to its end; a hasty second call adds no page twice', async () => {
    await acting(async () => {
      await Promise.all([shown.loadMore(), shown.loadMore()]);
    });
    expect([dom.text, shown.hasMore]).toEqual(['5 4 3 2', true]);
    await acting(() => shown.loadMore());
    expect([dom.text, shown.hasMore]).toEqual(['5 4 3 2 1', false]);
    await acting(() => shown.loadMore());
    expect(server.requests).toHaveLength(3);
  });

  test('is fetched again as far as it was loaded', async () => {
    await acting(() => shown.loadMore());
    await ada.content.createPost({ body: '6' });
    await acting(() => shown.refresh());
    expect(dom.text).toBe('6 5 4 3');
  });

  test('keeps what is there when the next page fails, and begins anew when its cursor has expired', async () => {
    server.plan(problem(410, 'cursor_expired', { retryable: false }), forward(app.url));
    await acting(() => shown.loadMore());
    expect(dom.text).toBe('5 4');
    expect(shown.error).toMatchObject({ status: 410, problem: { code: 'cursor_expired' } });
    await acting(() => shown.refresh());
    expect([dom.text, shown.error]).toEqual(['5 4', null]);
  });
});

describe('useMutation', () => {
  let post: Post;
  let frames: string[];
  let like: ReturnType<typeof useMutation<{ postId: string }, unknown>>;
  let remove: ReturnType<typeof useMutation<{ postId: string }, unknown>>;
  let rename: ReturnType<typeof useMutation<{ postId: string }, unknown>>;
  let isLoading: boolean;

  function Likes() {
    const { data, isLoading: isReading } = useOperation(ada.content.getPost, { postId: post.id });
    const { items, isLoading: isListing } = usePages(ada.content.listPostsByAuthor, { userId: adaId });
    isLoading = isReading || isListing;
    like = useMutation(ada.content.likePost, {
      ahead: (ahead, { postId }) => {
        const liked = (at: Post): Post => ({ ...at, viewer: { liked: true }, likeCount: at.likeCount + 1 });
        ahead.change(ada.content.getPost, { postId }, liked);
        ahead.changeItems(ada.content.listPostsByAuthor, (at) => (at.id === postId ? liked(at) : at));
      },
    });
    remove = useMutation(ada.content.deletePost, {
      ahead: (ahead, { postId }) =>
        ahead.changeItems(ada.content.listPostsByAuthor, (at) => (at.id === postId ? null : at)),
    });
    rename = useMutation(ada.content.unlikePost, {
      ahead: (ahead) => ahead.change(ada.content.getPost, null, (at) => ({ ...at, body: 'changed' })),
    });
    const frame = `${data?.body} ${data?.likeCount} ${items.map(({ likeCount }) => likeCount).join()}`;
    if (frames.at(-1) !== frame) frames.push(frame);
    return frame;
  }

  beforeEach(async () => {
    post = await ada.content.createPost({ body: 'liked' });
    frames = [];
    await dom.render(within(ada, createElement(Likes)));
    await dom.until(() => dom.text === 'liked 0 0');
    server.plan(forward(app.url));
    frames = [];
  });

  test('shows what is going to be, before it is, and counts it once', async () => {
    const { behaviour, release } = held();
    server.plan(behaviour, forward(app.url));
    let running: Promise<unknown> = Promise.resolve();
    await acting(async () => {
      running = like.run({ postId: post.id });
    });
    expect([dom.text, like.isRunning]).toEqual(['liked 1 1', true]);
    release(forward(app.url));
    await acting(() => running);
    await dom.until(() => asked().length === 3);
    await dom.until(() => !like.isRunning && !isLoading);
    expect(like.data).toEqual({ liked: true, likeCount: 1 });
    // The write, then both reads again; no frame showed anything but one like.
    expect(asked()).toEqual([
      `PUT /posts/${post.id}/like`,
      expect.stringMatching(/^GET /),
      expect.stringMatching(/^GET /),
    ]);
    expect(frames).toEqual(['liked 1 1']);
  });

  test('takes it back when the write fails', async () => {
    server.plan(problem(503, 'unavailable'));
    await acting(async () => {
      await expect(like.run({ postId: post.id })).rejects.toMatchObject({ code: 'unavailable' });
    });
    expect(frames).toEqual(['liked 1 1', 'liked 0 0']);
    expect([like.error, like.isRunning]).toEqual([expect.objectContaining({ code: 'unavailable' }), false]);
  });

  test('takes back its own only: what others have changed meanwhile stays', async () => {
    const [first, second] = [held(), held()];
    server.plan(first.behaviour, second.behaviour, silence);
    let [liking, renaming]: Promise<unknown>[] = [];
    await acting(async () => {
      liking = like.run({ postId: post.id }).catch(() => null);
    });
    await dom.until(() => server.requests.length === 1);
    await acting(async () => {
      renaming = rename.run({ postId: post.id });
    });
    await dom.until(() => server.requests.length === 2);
    expect(dom.text).toBe('changed 1 1');
    first.release(problem(422, 'forbidden', { retryable: false }));
    await acting(async () => {
      await liking;
    });
    expect(dom.text).toBe('changed 0 0');
    second.release(forward(app.url));
    await acting(async () => {
      await renaming;
    });
    expect(dom.text).toBe('changed 0 0');
  });

  test('an answer that was asked for before the write does not undo what is shown', async () => {
    const [read, write] = [held(), held()];
    server.plan(read.behaviour, read.behaviour, write.behaviour, silence);
    await dom.render(within(ada));
    await dom.render(within(ada, createElement(Likes)));
    await dom.until(() => server.requests.length === 2);
    frames = [];
    let liking: Promise<unknown> = Promise.resolve();
    await acting(async () => {
      liking = like.run({ postId: post.id });
    });
    await dom.until(() => server.requests.length === 3);
    read.release(forward(app.url));
    for (let turn = 0; turn < 20; turn += 1) await acting(() => new Promise<void>((resolve) => setImmediate(resolve)));
    write.release(forward(app.url));
    await acting(() => liking);
    expect(frames).toEqual(['liked 1 1']);
  });

  test('takes items out of lists, and back in', async () => {
    server.plan(problem(503, 'unavailable'), forward(app.url));
    await acting(() => remove.run({ postId: post.id }).catch(() => null));
    expect(frames).toEqual(['liked 0 ', 'liked 0 0']);
  });
});

describe('useSession', () => {
  test('shows nothing of one user to another who signs in over them', async () => {
    const frames: string[] = [];
    function Me() {
      const { data } = useOperation(ada.identity.getMe, {});
      const frame = data?.handle ?? 'nobody yet';
      if (frames.at(-1) !== frame) frames.push(frame);
      return frame;
    }
    const [first, second] = [`ada_${people}`, `zoe_${people}`];
    await dom.render(within(ada, createElement(Me)));
    await dom.until(() => dom.text === first);
    await acting(() =>
      ada.session.signUp({ handle: second, email: `${second}@example.org`, password: 'a long password' }),
    );
    await dom.until(() => dom.text === second);
    expect(frames).toEqual(['nobody yet', first, 'nobody yet', second]);
  });

  test('shows who is signed in; nothing of one user is shown to the next', async () => {
    const frames: string[] = [];
    let used: ReturnType<typeof useSession> | undefined;
    function Me() {
      used = useSession();
      const { data } = useOperation(ada.identity.getMe, used.session === null ? null : {});
      const frame = used.session === null ? 'nobody' : (data?.handle ?? 'somebody');
      if (frames.at(-1) !== frame) frames.push(frame);
      return frame;
    }
    const first = `ada_${people}`;
    await dom.render(within(ada, createElement(Me)));
    await dom.until(() => dom.text === first);
    await acting(async () => used?.signOut());
    expect(dom.text).toBe('nobody');
    const account = { handle: `eve_${people}`, email: `eve_${people}@example.org`, password: 'a long password' };
    await acting(async () => {
      await used?.signUp(account);
    });
    await dom.until(() => dom.text === account.handle);
    expect(frames).toEqual(['somebody', first, 'nobody', 'somebody', account.handle]);
  });
});
