import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createNewcomer, fixture, type Newcomer, sharedData } from '../../testing/imported-community.js';
import { checksumRows, untilConsumed } from '../../testing/row-checksums.js';
import { startTestApp, type TestApp } from '../../testing/test-app.js';
import { importEdges } from './import-edges.js';

const VILLAGE = { file: fixture('edges/village.edges'), users: 6, edges: 6, repeated: 2, refused: 3 };
/** Friendships of one college on a social network (networkrepository.com). */
const COLLEGE = {
  file: sharedData('social-graph/socfb-Reed98.edges'),
  users: 962,
  edges: 18_812,
  repeated: 0,
  refused: 0,
};

const sets = existsSync(COLLEGE.file) ? [VILLAGE, COLLEGE] : [VILLAGE];

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterAll(() => app?.close());

describe.each(sets)('a graph of $users users and $edges edges', ({ file, users, edges, repeated, refused }) => {
  let community: Newcomer;

  beforeAll(async () => {
    community = await createNewcomer(app);
  });

  afterAll(() => community?.close());

  it('becomes users and follows in both directions, counted exactly', { timeout: 60_000 }, async () => {
    const report = await importEdges(app.nova.community(community.tenantId), file, () => {});
    expect(report.counts('users')).toEqual({ read: users, written: users, known: 0, refused: 0 });
    const read = edges + repeated + refused;
    expect(report.counts('edges')).toEqual({ read, written: edges, known: repeated, refused });
    const count = (sql: string) => community.count(sql);
    expect(await count('select count(*) from users where tenant_id = $1')).toBe(users);
    expect(await count('select count(*) from follows where tenant_id = $1')).toBe(2 * edges);
    const oneSided = `select count(*) from follows f where tenant_id = $1 and not exists (
      select from follows b
      where b.tenant_id = f.tenant_id and b.follower_id = f.followee_id and b.followee_id = f.follower_id)`;
    expect(await count(oneSided)).toBe(0);
    expect(await count('select sum(followers) as count from graph_counts where tenant_id = $1')).toBe(2 * edges);
  });

  it('adds nothing when it is imported again', { timeout: 60_000 }, async () => {
    await untilConsumed(community.superuser);
    const before = await checksumRows(community.superuser, community.tenantId);
    const report = await importEdges(app.nova.community(community.tenantId), file, () => {});
    expect(report.counts('users')).toMatchObject({ written: 0, known: users });
    expect(report.counts('edges')).toMatchObject({ written: 0, known: edges + repeated });
    expect(await checksumRows(community.superuser, community.tenantId)).toEqual(before);
  });
});

describe('an edge list', () => {
  let community: Newcomer;
  let dir: string;
  const write = async (name: string, text: string) => {
    await writeFile(path.join(dir, name), text);
    return path.join(dir, name);
  };
  const importFile = (file: string) => importEdges(app.nova.community(community.tenantId), file, () => {});

  beforeEach(async () => {
    community = await createNewcomer(app);
    dir = await mkdtemp(path.join(os.tmpdir(), 'nova-import-'));
  });

  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
    await community.close();
  });

  it('has lines refused that are no edge, with line and reason', async () => {
    const report = await importFile(VILLAGE.file);
    expect(report.refusals).toEqual([
      { file: 'village.edges', line: 10, reason: 'joins a member to itself' },
      { file: 'village.edges', line: 11, reason: 'not a pair of numbers' },
      { file: 'village.edges', line: 12, reason: 'not a pair of numbers' },
    ]);
    const { rows } = await community.superuser.query<{ handle: string; name: string }>(
      'select handle, display_name as name from users where tenant_id = $1',
      [community.tenantId],
    );
    expect(rows.map(({ name }) => name)).toContain('village 12345678901234567');
    for (const { handle } of rows) expect(handle).toMatch(/^village_[a-z0-9]{13}$/);
  });

  it('names a member by the number, however it is written', async () => {
    const report = await importFile(await write('zeros.edges', '007 7\n007 8\r\n7 0008\n8 9'));
    expect(report.counts('users')).toEqual({ read: 3, written: 3, known: 0, refused: 0 });
    expect(report.counts('edges')).toEqual({ read: 4, written: 2, known: 1, refused: 1 });
    expect(report.refusals).toEqual([{ file: 'zeros.edges', line: 1, reason: 'joins a member to itself' }]);
  });

  // Handles made of the first characters of a file's name turned this red.
  it('stands beside others whose names are alike', async () => {
    const long = 'friendships-of-a-college-in-oregon';
    for (const name of ['my-graph.edges', 'my_graph.edges', `${long}-2004.edges`, `${long}-2005.edges`]) {
      const report = await importFile(await write(name, '1 2\n2 3\n'));
      expect(report.counts('users')).toEqual({ read: 3, written: 3, known: 0, refused: 0 });
      expect(report.counts('edges')).toEqual({ read: 2, written: 2, known: 0, refused: 0 });
    }
  });

  it('leaves a handle to the member who has it, and refuses the user and their edges', async () => {
    const file = await write('taken.edges', '1 2\n2 3\n3 1\n');
    const model = await createNewcomer(app);
    await importEdges(app.nova.community(model.tenantId), file, () => {});
    const { rows } = await model.superuser.query<{ handle: string }>(
      `select handle from users where tenant_id = $1 and display_name = 'taken 2'`,
      [model.tenantId],
    );
    await model.close();
    const { transaction, insertUsers } = app.nova.community(community.tenantId);
    const createdAt = '2026-01-01T00:00:00Z';
    const member = { id: newId(), handle: rows[0]?.handle as string, displayName: 'First come', bio: '', createdAt };
    await transaction((tx) => insertUsers(tx, [{ ...member, email: null }]));
    const report = await importFile(file);
    expect(report.counts('users')).toEqual({ read: 3, written: 2, known: 0, refused: 1 });
    expect(report.counts('edges')).toEqual({ read: 3, written: 1, known: 0, refused: 2 });
    expect(report.refusals).toEqual([
      { file: 'taken.edges', line: 1, reason: 'another user has its handle' },
      { file: 'taken.edges', line: 1, reason: 'a user that it names is not there' },
      { file: 'taken.edges', line: 2, reason: 'a user that it names is not there' },
    ]);
  });

  it('counts pairs that are restored in one direction, and refuses those that a block separates', async () => {
    const file = await write('pairs.edges', '1 2\n2 3\n3 1\n');
    await importFile(file);
    const { rows } = await community.superuser.query<{ id: string }>(
      'select id from users where tenant_id = $1 order by display_name',
      [community.tenantId],
    );
    const [one, two, three] = rows.map(({ id }) => id) as [string, string, string];
    const as = async (userId: string) => ({ token: await community.tokenOf(userId) });
    expect(await app.rest('DELETE', `/users/${two}/follow`, await as(one))).toMatchObject({ status: 200 });
    expect((await importFile(file)).counts('edges')).toEqual({ read: 3, written: 1, known: 2, refused: 0 });
    expect(await app.rest('PUT', `/users/${three}/block`, await as(two))).toMatchObject({ status: 200 });
    const report = await importFile(file);
    expect(report.counts('edges')).toEqual({ read: 3, written: 0, known: 2, refused: 1 });
    expect(report.refusals).toEqual([{ file: 'pairs.edges', line: 2, reason: 'one of the two blocks the other' }]);
  });

  it('with a line that has no end is refused as a whole', async () => {
    const file = await write('endless.edges', '1 '.repeat(600_000));
    await expect(importFile(file)).rejects.toThrow('endless.edges has a line of more than 1000000 characters');
  });

  it('may be longer than memory is: only its members are held', { timeout: 60_000 }, async () => {
    const edges = Array.from({ length: 200_000 }, (_, index) => `${index % 1_000} ${1_000 + (index % 999)}`);
    const file = await write('long.edges', edges.join('\n'));
    const loader = new URL('../../testing/typescript-loader.mjs', import.meta.url).href;
    const importer = new URL('import-edges.ts', import.meta.url).href;
    const program = `
      const { importEdges } = await import(${JSON.stringify(importer)});
      const insert = async () => [];
      const community = { insertUsers: insert, insertFollows: insert, transaction: (work) => work(null) };
      const shares = [];
      const report = await importEdges(community, ${JSON.stringify(file)}, (kind, rows, share) => shares.push(share));
      console.log(JSON.stringify({ ...report.counts('edges'), first: shares[0] < 0.1, last: shares.at(-1) }));`;
    // Edges that are held take 500 bytes each, 100 MB together.
    const heap = '--max-old-space-size=64';
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [heap, '--import', loader, '--input-type=module', '-e', program],
      { timeout: 50_000 },
    );
    expect(JSON.parse(stdout)).toEqual({ read: 200_000, written: 200_000, known: 0, refused: 0, first: true, last: 1 });
  });
});
