import path from 'node:path';
import { deterministicId } from '../../platform/ids/index.js';
import { batches } from '../batches.js';
import type { Community, FollowRow, Progress, UserRow } from '../community.js';
import { ImportReport, type Place } from '../import-report.js';
import { type Entry, storeBatch } from '../store-batch.js';
import { BATCH_ENTRIES } from '../store-batches.js';
import { TextFiles } from '../text-files.js';

/** Edge lists carry no dates: members join at this moment, so that ids are the same in every run. */
const JOINED_MS = Date.UTC(2020, 0, 1);
const CREATED_AT = new Date(JOINED_MS).toISOString();
/** Handles hold 30 characters; the id's part takes 13 and an underscore. */
const NAME_PART = 16;

/** Two members as the file names them. */
interface Edge extends Place {
  readonly a: string;
  readonly b: string;
}

/**
 * Imports a friendship graph, one undirected edge `a b` a line (numbers; `%` and `#` begin a comment; further
 * columns are passed over): a user for every number, a follow in both directions for every edge. The ids of the
 * users are held in memory; edges are not, for it is the database that knows the repeated ones.
 *
 * @param file its base name is part of the users' identity: the same file imported again adds nothing
 */
export async function importEdges(community: Community, file: string, progress: Progress): Promise<ImportReport> {
  const report = new ImportReport();
  const name = path.basename(file);
  const graph = name.replace(/\.[^.]*$/, '');
  const source = await TextFiles.open(path.dirname(file), [name]);
  const ids = new Map<string, string>();
  for await (const edges of batches(readEdges(report, source), BATCH_ENTRIES)) {
    const newcomers = [...joinUsers(report, graph, ids, edges)];
    if (newcomers.length > 0) await storeBatch(community, report, 'users', newcomers, community.insertUsers);
    const friendships = edges.map((edge) => befriend(ids, edge));
    await storeBatch(community, report, 'edges', friendships, community.insertFollows);
    progress('edges', report.counts('edges').read, source.share);
  }
  return report;
}

async function* readEdges(report: ImportReport, source: TextFiles): AsyncGenerator<Edge> {
  const counts = report.counts('edges');
  for await (const { file, line, text } of source.lines()) {
    if (text.trim() === '' || text.startsWith('%') || text.startsWith('#')) continue;
    counts.read += 1;
    const [, one, other] = /^\s*(\d{1,18})[\s,]+(\d{1,18})(?:[\s,].*)?$/.exec(text) ?? [];
    if (one === undefined || other === undefined) {
      report.refuse('edges', { file, line }, 'not a pair of numbers');
      continue;
    }
    // `007` and `7` are one member.
    const [a, b] = [BigInt(one).toString(), BigInt(other).toString()];
    if (a === b) report.refuse('edges', { file, line }, 'joins a member to itself');
    else yield { file, line, a, b };
  }
}

/** The users that these edges are the first to name. */
function* joinUsers(
  report: ImportReport,
  graph: string,
  ids: Map<string, string>,
  edges: readonly Edge[],
): Generator<Entry<UserRow>> {
  const counts = report.counts('users');
  for (const { file, line, a, b } of edges) {
    for (const node of [a, b]) {
      if (ids.has(node)) continue;
      const id = deterministicId(JOINED_MS, `edges/${graph}`, node);
      ids.set(node, id);
      counts.read += 1;
      const displayName = `${graph} ${node}`.slice(-100);
      const user = { id, handle: handleOf(graph, id), displayName, bio: '', email: null, createdAt: CREATED_AT };
      yield { file, line, rows: [user] };
    }
  }
}

function befriend(ids: ReadonlyMap<string, string>, { file, line, a, b }: Edge): Entry<FollowRow> {
  const [one, other] = [ids.get(a) as string, ids.get(b) as string];
  return {
    file,
    line,
    rows: [
      { followerId: one, followeeId: other, createdAt: CREATED_AT },
      { followerId: other, followeeId: one, createdAt: CREATED_AT },
    ],
  };
}

/** `village_1a2b...`: readable, and unique as the random 62 bits of the id are, whatever graphs and nodes are called. */
function handleOf(graph: string, id: string): string {
  const name = graph.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const random = BigInt(`0x${id.slice(19).replace('-', '')}`);
  return `${name.slice(0, NAME_PART)}_${random.toString(36)}`;
}
