import type {
  ASTVisitor,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValidationContext,
} from 'graphql';
import { GraphQLError, Kind } from 'graphql';
import { DEFAULT_LIMIT } from '../../platform/cursor/index.js';

export interface GraphqlLimits {
  /** Fields nested in fields. */
  readonly maxDepth: number;
  /** Values an answer may hold at the most: each field counts once per element of the lists around it. */
  readonly maxCost: number;
  /** Renamed fields: the way to call one expensive field many times. */
  readonly maxAliases: number;
}

/** The alias of a mutation goes into its Idempotency-Key, which is stored (512 characters, 255 of them the caller's). */
const MAX_ALIAS_LENGTH = 200;
/** Two fields in one place are compared by GraphQL's own rule: beyond this their pairs take too long. */
const MAX_IN_ONE_PLACE = 200;
/** With fragments written out, as compiling does: fragments that double at each step would take for ever. */
const MAX_SELECTIONS = 5_000;

/**
 * Validation rule: one operation a document, bounded in depth, aliases and size. It reads each fragment once, and goes
 * before the other rules and before compiling, which it bounds.
 * One operation, because a compiled query is kept by text and would answer for the other ones of its document.
 */
export function documentLimits({ maxDepth, maxAliases }: GraphqlLimits) {
  return (context: ValidationContext): ASTVisitor => {
    const operations = context.getDocument().definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
    const extents = new Extents(context.getDocument());
    let aliases = 0;
    return {
      Document() {
        if (operations.length > 1) context.reportError(refusal('send one operation in a document'));
        for (const operation of operations) {
          const { depth, selections } = extents.of(operation.selectionSet);
          if (depth > maxDepth) context.reportError(refusal(`depth ${depth} is above the limit of ${maxDepth}`));
          if (selections > MAX_SELECTIONS) context.reportError(refusal(`more than ${MAX_SELECTIONS} fields`));
        }
      },
      SelectionSet({ selections }) {
        if (selections.length > MAX_IN_ONE_PLACE) {
          context.reportError(refusal(`more than ${MAX_IN_ONE_PLACE} fields in one place`));
        }
      },
      Field(node) {
        if (node.alias === undefined) return;
        if (node.alias.value.length > MAX_ALIAS_LENGTH) {
          context.reportError(refusal(`an alias has more than ${MAX_ALIAS_LENGTH} characters`));
        }
        aliases += 1;
        if (aliases === maxAliases + 1) context.reportError(refusal(`more than ${maxAliases} aliases`));
      },
    };
  };
}

/**
 * What a valid document costs with these variables: 1 a field, times the `limit` of each list above it.
 * Stops counting at `ceiling`, so that nested fragments cannot make it expensive.
 */
export function costOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>, ceiling: number): number {
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) return 0;
  const fragments = fragmentsOf(document);
  const values = { ...defaultsOf(operation), ...variables };
  let cost = 0;
  const visit = (selections: SelectionSetNode, times: number): void => {
    for (const node of selections.selections) {
      if (cost > ceiling) return;
      if (node.kind === Kind.FIELD) {
        cost += times;
        // What the schema says of itself costs no statement; GraphQL's own rule bounds it.
        if (node.selectionSet && !node.name.value.startsWith('__')) {
          visit(node.selectionSet, times * listSize(node, values, fragments));
        }
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        visit(node.selectionSet, times);
      } else {
        const fragment = fragments.get(node.name.value);
        if (fragment) visit(fragment.selectionSet, times);
      }
    }
  };
  visit(operation.selectionSet, 1);
  return cost;
}

/** What variables are when the caller leaves them out; of numbers only, as no other value sets a page size. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, number> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  );
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Fields that give a page are the ones that select `items`; every list here is a page. */
function listSize(node: FieldNode, variables: Readonly<Record<string, unknown>>, fragments: Fragments): number {
  const limit = node.arguments?.find((argument) => argument.name.value === 'limit')?.value;
  if (limit?.kind === Kind.INT) return Math.max(Number(limit.value), 1);
  if (limit?.kind === Kind.VARIABLE) {
    const value = variables[limit.name.value];
    return typeof value === 'number' ? Math.max(value, 1) : DEFAULT_LIMIT;
  }
  return node.selectionSet && selectsItems(node.selectionSet, fragments, new Set()) ? DEFAULT_LIMIT : 1;
}

/** @param seen fragments that were looked into: each once */
function selectsItems({ selections }: SelectionSetNode, fragments: Fragments, seen: Set<string>): boolean {
  return selections.some((node) => {
    if (node.kind === Kind.FIELD) return node.name.value === 'items';
    if (node.kind === Kind.INLINE_FRAGMENT) return selectsItems(node.selectionSet, fragments, seen);
    const fragment = fragments.get(node.name.value);
    if (fragment === undefined || seen.has(node.name.value)) return false;
    seen.add(node.name.value);
    return selectsItems(fragment.selectionSet, fragments, seen);
  });
}

interface Extent {
  /** Fields nested in fields. */
  readonly depth: number;
  /** Fields and spreads, with fragments written out. */
  readonly selections: number;
}

/** How far selections reach through fragments, each of which is looked into once. */
class Extents {
  readonly #fragments: Fragments;
  readonly #known = new Map<string, Extent>();

  constructor(document: DocumentNode) {
    this.#fragments = fragmentsOf(document);
  }

  of({ selections: nodes }: SelectionSetNode): Extent {
    let depth = 0;
    let selections = nodes.length;
    for (const node of nodes) {
      const below = this.#below(node);
      // Questions about the schema nest by nature; GraphQL's own rule bounds them (MaxIntrospectionDepthRule).
      if (!(node.kind === Kind.FIELD && node.name.value.startsWith('__'))) {
        depth = Math.max(depth, below.depth + (node.kind === Kind.FIELD ? 1 : 0));
      }
      selections += below.selections;
    }
    return { depth, selections };
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

const NOTHING: Extent = { depth: 0, selections: 0 };

function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

function refusal(reason: string): GraphQLError {
  return new GraphQLError(`The query is refused: ${reason}`, { extensions: { code: 'query_refused' } });
}
