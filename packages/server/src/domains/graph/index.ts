import type { ReadHandle } from '../../platform/db/index.js';
import type { DomainBindings, Scope } from '../../platform/operation/index.js';
import { createUserEdges } from './edges.js';
import { graphqlBinding } from './graphql.js';
import { insertFollows } from './insert-follows.js';
import type { ListDeps } from './list-users.js';
import { bindGraphOperations } from './operations.js';
import { usersByFollowers } from './queries/lists.js';
import { hiddenUsers, type ProfileRelations, profileRelations, relations, type Standing } from './relations.js';
import { restBindings } from './rest.js';

export { graphErrors } from './errors.js';
export { graphPersonalData } from './personal-data.js';
export { graphQueries } from './queries/index.js';
export type { ProfileRelations, Standing } from './relations.js';
export { repairGraphCounts, sampleGraphDrift } from './repair-counts.js';

export type GraphDeps = ListDeps;

/** What other domains may ask of the graph; every function takes many users and costs a constant number of queries. */
export interface Graph {
  readonly bindings: DomainBindings;
  /** Those of the users whom a block, of either side, separates from the viewer. */
  hiddenUsers(scope: Scope, userIds: readonly string[]): Promise<Set<string>>;
  /** How the viewer stands to each user, blocks included; empty without a viewer. */
  relations(scope: Scope, userIds: readonly string[]): Promise<Map<string, Standing>>;
  /** Counts of each user and how the viewer stands to them. */
  profileRelations(scope: Scope, userIds: readonly string[]): Promise<Map<string, ProfileRelations>>;
  /** For imports; see insert-follows.ts. */
  readonly insertFollows: typeof insertFollows;
}

/** The members of a tenant with the most followers, most first. Reads the counts of all of them. */
export async function mostFollowed(db: ReadHandle, limit: number): Promise<string[]> {
  return (await db.rows(usersByFollowers, { limit })).map(({ userId }) => userId);
}

export function createGraph(deps: GraphDeps): Graph {
  const operations = bindGraphOperations(deps);
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations, createUserEdges(deps)) },
    hiddenUsers,
    relations,
    profileRelations,
    insertFollows,
  };
}
