import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { GraphqlContext } from './context.js';
import type { Known } from './documents.js';

/** @param variables as `getVariableValues` gives them: graphql-jit refuses `$n: Int! = 5` when it is left out */
export async function executeDocument(
  schema: GraphQLSchema,
  known: Known,
  variables: Readonly<Record<string, unknown>>,
  contextValue: GraphqlContext,
): Promise<ExecutionResult> {
  const { document, compiled } = known;
  if (compiled === null || hasNullForDefault(known, variables)) {
    return await execute({ schema, document, contextValue, variableValues: variables });
  }
  return (await compiled.query(undefined, contextValue, variables)) as ExecutionResult;
}

/**
 * Only such a variable can bring null to where none is allowed. A compiled mutation then waits for ever for its next
 * field, and a directive passes as false.
 */
function hasNullForDefault({ operation }: Known, variables: Readonly<Record<string, unknown>>): boolean {
  const { variableDefinitions = [] } = operation;
  return variableDefinitions.some(
    ({ variable, defaultValue }) => defaultValue !== undefined && variables[variable.name.value] === null,
  );
}
