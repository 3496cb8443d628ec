import type { ReadHandle } from '../../platform/db/index.js';
import type { DomainBindings, Scope } from '../../platform/operation/index.js';
import type { Consumer } from '../../platform/outbox/index.js';
import { createUserEdges } from './edges.js';
import { approveRequestsLeft } from './follow-requests/approve-pending.js';
import { graphqlBinding } from './graphql.js';
import { insertFollows } from './insert-follows.js';
import { bindGraphOperations, type OperationDeps } from './operations.js';
import { usersByFollowers } from './queries/lists.js';
import { createRelationMemory, type RelationMemoryDeps } from './relation-memory.js';
import { createRelations, type ProfileRelations, profileRelations, type Relations } from './relations.js';
import { restBindings } from './rest.js';
import { listMemberIds } from './user-lists/doors.js';

export { graphErrors } from './errors.js';
export { graphPersonalData } from './personal-data.js';
export { graphQueries } from './queries/index.js';
export { purgeMutes } from './queries/mutes.js';
export { purgeRelationChanges } from './queries/relation-memory.js';
export type { ProfileRelations, Standing } from './relations.js';
export { repairGraphCounts, sampleGraphDrift } from './repair-counts.js';
export { repairListCounts, sampleListDrift } from './user-lists/repair-lists.js';

export interface GraphDeps extends RelationMemoryDeps {
  readonly cursors: OperationDeps['cursors'];
  readonly identity: OperationDeps['identity'];
}

/** What follows the outbox on behalf of the graph. */
export const graphConsumers: readonly Consumer[] = [approveRequestsLeft];

/** What other domains may ask of the graph; every function takes many users and costs a constant number of queries. */
export interface Graph extends Relations {
  readonly bindings: DomainBindings;
  /** Counts of each user and how the viewer stands to them. */
  profileRelations(scope: Scope, userIds: readonly string[]): Promise<Map<string, ProfileRelations>>;
  /** Who is on a list of users, a thousand at most; null when there is no such list for the viewer. */
  listMemberIds(scope: Scope, listId: string): Promise<readonly string[] | null>;
  /** For imports; see insert-follows.ts. */
  readonly insertFollows: typeof insertFollows;
  /** Begins to look for changes of what is kept in memory. */
  start(): void;
  close(): Promise<void>;
}

/** The members of a tenant with the most followers, most first. Reads the counts of all of them. */
export async function mostFollowed(db: ReadHandle, limit: number): Promise<string[]> {
  return (await db.rows(usersByFollowers, { limit })).map(({ userId }) => userId);
}

export function createGraph({ cursors, identity, ...memoryDeps }: GraphDeps): Graph {
  const memory = createRelationMemory(memoryDeps);
  const relations = createRelations(memory);
  const deps: OperationDeps = { cursors, identity, relations, memory };
  const operations = bindGraphOperations(deps);
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations, createUserEdges(deps)) },
    ...relations,
    profileRelations: (scope, userIds) => profileRelations(relations, scope, userIds),
    listMemberIds,
    insertFollows,
    start: memory.start,
    close: memory.close,
  };
}
