/**
 * What the pictures show beside the synthetic community: posts with all that a post can have.
 *
 * @typedef {object} Demo
 * @property {string} session as the app keeps it
 * @property {string} handle of who is signed in
 * @property {string} otherHandle somebody they follow
 * @property {string} postId with a poll
 * @property {string} editedId changed once
 */

const BODIES = [
  'Rain since six. The good kind, that makes a kitchen smaller and the coffee better.\n\nIs anybody else at their window? #morning',
  'First tomato of the year. 🍅 One. I counted twice.',
  '昨日の夜、久しぶりに星を見た。とても静かだった。 #日本語 #stars',
];

/** @param {string} url @param {string} login @param {string} password @returns {Promise<Demo>} */
export async function writeDemo(url, login, password) {
  /** @param {string} method @param {string} path @param {unknown} [body] @param {string} [token] */
  const call = async (method, path, body, token) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const { user, token, expiresAt } = await call('POST', '/sessions', { login, password });
  /** @param {object} body */
  const write = async (body) => await call('POST', '/posts', body, token);

  await call(
    'PATCH',
    '/me',
    { displayName: 'Ines Okafor', bio: 'Gardener, night owl, keeper of lists. Writes about small things.' },
    token,
  );
  const { items: following } = await call('GET', `/users/${user.id}/following?limit=5`, undefined, token);
  const [friend, second] = following;
  for (const body of BODIES) await write({ body });
  await write({ body: 'A note to myself: the blue notebook is on the second shelf.', visibility: 'private' });
  const edited = await write({ body: 'Planted the beans on Thursday.' });
  await call('PATCH', `/posts/${edited.id}`, { body: 'Planted the beans on Friday, to be honest. #garden' }, token);
  const gone = await write({ body: 'I will never finish this book.' });
  await call('DELETE', `/posts/${gone.id}`, undefined, token);
  const poll = { options: ['Tea', 'Coffee', 'Whatever is in the pot'], durationSeconds: 3 * 86_400 };
  const post = await write({
    body: `What goes with a rainy morning, @${friend.handle}? #morning https://example.org/tea`,
    poll,
  });
  await call('PUT', `/posts/${post.id}/like`, undefined, token);
  await call(
    'POST',
    '/drafts',
    { body: 'Ten things I have learned from a garden, the first of which is to wait.' },
    token,
  );
  await call(
    'POST',
    '/drafts',
    { body: 'Happy new year!', publishAt: new Date(Date.now() + 30 * 86_400_000).toISOString() },
    token,
  );

  return {
    session: JSON.stringify({ token, userId: user.id, expiresAt }),
    handle: user.handle,
    otherHandle: second.handle,
    postId: post.id,
    editedId: edited.id,
  };
}
