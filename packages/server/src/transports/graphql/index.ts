export { registerGraphiql } from './graphiql.js';
export { registerGraphql } from './route.js';
export { buildGraphqlSchema } from './schema.js';
