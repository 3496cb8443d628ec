import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { type Fragments, fragmentsOf, operationsOf } from './definitions.js';

export interface GraphqlLimits {
  /** Fields nested in fields. */
  readonly maxDepth: number;
  /** See `createCostOf`. */
  readonly maxCost: number;
  /** Renamed fields, in fragments as often as they are used: the way to call one expensive field many times. */
  readonly maxAliases: number;
}

/** The alias of a mutation goes into its Idempotency-Key, which is stored (512 characters, 255 of them the caller's). */
const MAX_ALIAS_LENGTH = 200;
/** Two fields in one place are compared by GraphQL's own rule: beyond this their pairs take too long. */
const MAX_IN_ONE_PLACE = 200;
/** With fragments written out, as compiling does: fragments that double at each step would take for ever. */
const MAX_SELECTIONS = 5_000;
/** Of fields below `__schema` and `__type`: the usual tools go to 15, and compiling 300 takes 0.2 s. */
const MAX_SCHEMA_DEPTH = 20;

/**
 * Validation rule: one operation a document, bounded in depth, aliases and size. It reads each fragment once, and goes
 * before the other rules and before compiling, which it bounds.
 * One operation, because a compiled query is kept by text and would answer for the other ones of its document.
 */
export function documentLimits({ maxDepth, maxAliases }: GraphqlLimits) {
  return (context: ValidationContext): ASTVisitor => {
    const refuse = (reason: string) => context.reportError(refusal(reason));
    const operations = operationsOf(context.getDocument());
    const extents = new Extents(context.getDocument());
    return {
      Document() {
        if (operations.length > 1) refuse('send one operation in a document');
        for (const operation of operations) {
          // GraphQL's own rules let it pass, and graphql-jit cannot compile it.
          if (!context.getSchema().getRootType(operation.operation)) refuse(`there is no ${operation.operation} here`);
          const { depth, schemaDepth, selections, aliases } = extents.of(operation.selectionSet);
          if (depth > maxDepth) refuse(`depth ${depth} is above the limit of ${maxDepth}`);
          if (schemaDepth > MAX_SCHEMA_DEPTH) refuse(`depth ${schemaDepth} is above the limit of ${MAX_SCHEMA_DEPTH}`);
          if (selections > MAX_SELECTIONS) refuse(`more than ${MAX_SELECTIONS} fields`);
          if (aliases > maxAliases) refuse(`more than ${maxAliases} aliases`);
        }
      },
      SelectionSet({ selections }) {
        if (selections.length > MAX_IN_ONE_PLACE) refuse(`more than ${MAX_IN_ONE_PLACE} fields in one place`);
      },
      VariableDefinition({ variable }) {
        if (isEverywhere(variable.name.value)) refuse(`a variable cannot be named ${variable.name.value}`);
      },
      Field({ alias }) {
        if (alias === undefined) return;
        if (isEverywhere(alias.value)) refuse(`an alias cannot be ${alias.value}`);
        if (alias.value.length > MAX_ALIAS_LENGTH) refuse(`an alias has more than ${MAX_ALIAS_LENGTH} characters`);
      },
    };
  };
}

/** graphql-jit keeps variables and fields in plain objects, and would find these names in each of them. */
function isEverywhere(name: string): boolean {
  return name in Object.prototype;
}

/** How far selections reach, with fragments written out. */
interface Extent {
  /** Fields nested in fields of data. */
  readonly depth: number;
  /** The same for what the schema says of itself. */
  readonly schemaDepth: number;
  /** Fields and spreads. */
  readonly selections: number;
  readonly aliases: number;
}

/** Looks into each fragment once. */
class Extents {
  readonly #fragments: Fragments;
  readonly #known = new Map<string, Extent>();

  constructor(document: DocumentNode) {
    this.#fragments = fragmentsOf(document);
  }

  of({ selections: nodes }: SelectionSetNode): Extent {
    let { depth, schemaDepth, aliases } = NOTHING;
    let selections = nodes.length;
    for (const node of nodes) {
      const below = this.#below(node);
      selections += below.selections;
      aliases += below.aliases;
      schemaDepth = Math.max(schemaDepth, below.schemaDepth);
      if (node.kind !== Kind.FIELD) {
        depth = Math.max(depth, below.depth);
        continue;
      }
      if (node.alias !== undefined) aliases += 1;
      if (node.name.value.startsWith('__')) schemaDepth = Math.max(schemaDepth, below.depth + 1);
      else depth = Math.max(depth, below.depth + 1);
    }
    return { depth, schemaDepth, selections, aliases };
  }

  #below(node: SelectionNode): Extent {
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(node.name.value);
    return node.selectionSet === undefined ? NOTHING : this.of(node.selectionSet);
  }

  #ofFragment(name: string): Extent {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // A fragment that contains itself is reported by GraphQL's own rule; here it only has to end.
    this.#known.set(name, NOTHING);
    const fragment = this.#fragments.get(name);
    const extent = fragment === undefined ? NOTHING : this.of(fragment.selectionSet);
    this.#known.set(name, extent);
    return extent;
  }
}

const NOTHING: Extent = { depth: 0, schemaDepth: 0, selections: 0, aliases: 0 };

export function refusal(reason: string): GraphQLError {
  return new GraphQLError(`The query is refused: ${reason}`, { extensions: { code: 'query_refused' } });
}
