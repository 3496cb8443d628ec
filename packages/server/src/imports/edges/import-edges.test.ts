import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

it('refuses lines that are no edge, with line and reason', async () => {
  const community = await createNewcomer(app);
  try {
    const report = await importEdges(app.nova.community(community.tenantId), VILLAGE.file, () => {});
    expect(report.refusals).toEqual([
      { file: 'village.edges', line: 10, reason: 'joins a member to itself' },
      { file: 'village.edges', line: 11, reason: 'not a pair of numbers' },
      { file: 'village.edges', line: 12, reason: 'not a pair of numbers' },
    ]);
    const handles = await community.superuser.query(
      'select handle from users where tenant_id = $1 and handle like $2 order by handle',
      [community.tenantId, 'village\\_%'],
    );
    expect(handles.rows.map(({ handle }) => handle)).toContain(`village_${12345678901234567n.toString(36)}`);
  } finally {
    await community.close();
  }
});
