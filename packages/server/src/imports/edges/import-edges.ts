import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { deterministicId } from '../../platform/ids/index.js';
import type { Community, FollowRow, Progress, UserRow } from '../community.js';
import { ImportReport } from '../import-report.js';
import { storeBatches } from '../store-batches.js';

/** Edge lists carry no dates: members join at this moment, so that ids are the same in every run. */
const JOINED_MS = Date.UTC(2020, 0, 1);

/**
 * Imports a friendship graph, one undirected edge `a b` a line (numbers; `%` and `#` begin a comment; further
 * columns are passed over): a user for every number, a follow in both directions for every edge.
 *
 * @param file its base name is part of the users' identity: the same file imported again adds nothing
 */
export async function importEdges(community: Community, file: string, progress: Progress): Promise<ImportReport> {
  const report = new ImportReport();
  const graph = path.basename(file).replace(/\.[^.]*$/, '');
  const { nodes, edges } = await readGraph(report, file);
  const idOf = (node: string) => deterministicId(JOINED_MS, `edges/${graph}`, node);
  const createdAt = new Date(JOINED_MS).toISOString();
  const users = [...nodes].map((node): UserRow => {
    const displayName = `${graph} ${node}`.slice(-100);
    return { id: idOf(node), handle: handleOf(graph, node), displayName, bio: '', email: null, createdAt };
  });
  report.counts('users').read = users.length;
  await storeBatches(community, report, 'users', users, community.insertUsers, progress, users.length);
  const pairs = edges.map(([a, b]): [FollowRow, FollowRow] => [
    { followerId: idOf(a), followeeId: idOf(b), createdAt },
    { followerId: idOf(b), followeeId: idOf(a), createdAt },
  ]);
  const storePairs = async (tx: Parameters<Community['insertFollows']>[0], rows: readonly [FollowRow, FollowRow][]) =>
    (await community.insertFollows(tx, rows.flat())) / 2;
  await storeBatches(community, report, 'edges', pairs, storePairs, progress, pairs.length);
  return report;
}

async function readGraph(report: ImportReport, file: string) {
  const counts = report.counts('edges');
  const nodes = new Set<string>();
  const edges: [string, string][] = [];
  const seen = new Set<string>();
  const stream = createReadStream(file);
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  try {
    for await (const text of lines) {
      line += 1;
      if (text.trim() === '' || text.startsWith('%') || text.startsWith('#')) continue;
      counts.read += 1;
      const [, a, b] = /^\s*(\d{1,18})[\s,]+(\d{1,18})(?:[\s,].*)?$/.exec(text) ?? [];
      const name = path.basename(file);
      if (a === undefined || b === undefined) {
        report.refuse('edges', { file: name, line, reason: 'not a pair of numbers' });
      } else if (a === b) {
        report.refuse('edges', { file: name, line, reason: 'joins a member to itself' });
      } else if (seen.has(`${b} ${a}`) || seen.has(`${a} ${b}`)) {
        counts.known += 1;
      } else {
        seen.add(`${a} ${b}`);
        nodes.add(a).add(b);
        edges.push([a, b]);
      }
    }
  } finally {
    lines.close();
    stream.destroy();
  }
  return { nodes, edges };
}

function handleOf(graph: string, node: string): string {
  const suffix = `_${BigInt(node).toString(36)}`;
  const name = graph.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return `${name.slice(0, 30 - suffix.length)}${suffix}`.padStart(3, 'n');
}
