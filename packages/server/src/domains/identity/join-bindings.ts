import type { DomainBindings } from '../../platform/operation/index.js';

/** The bindings of the subjects of this domain, as one. */
export function joinBindings(subjects: readonly DomainBindings[]): DomainBindings {
  const graphql = subjects.map((subject) => subject.graphql);
  return {
    rest: subjects.flatMap(({ rest }) => rest),
    graphql: {
      typeDefs: graphql.map(({ typeDefs }) => typeDefs).join('\n'),
      queries: Object.assign({}, ...graphql.map(({ queries }) => queries)),
      mutations: Object.assign({}, ...graphql.map(({ mutations }) => mutations)),
      edges: Object.assign({}, ...graphql.map(({ edges }) => edges)),
    },
  };
}
