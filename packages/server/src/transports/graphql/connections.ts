import {
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
  visit,
} from 'graphql';
import { NovaError, platformErrors } from '../../platform/errors/index.js';

/*
 * Every list of the product is a page: `items`, `nextCursor`, asked for by `limit` and `cursor`. Clients that know
 * Relay's connections (https://relay.dev/graphql/connections.htm) find the same page under their names: `edges` and
 * `pageInfo`, asked for by `first` and `after`. Domains write pages only.
 */

type Arguments = Readonly<Record<string, unknown>>;

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

const PAGE_INFO = `
  "Where a page stands in its list, as Relay's connections tell it"
  type PageInfo {
    hasNextPage: Boolean!
    "Lists go forward: what lies before a page is not looked at, and this is false"
    hasPreviousPage: Boolean!
    "null: lists go forward"
    startCursor: String
    "The page's nextCursor: what to give as after"
    endCursor: String
  }
`;

const RELAY_NAMES = { first: 'limit', after: 'cursor' } as const;

/** The SDL with `edges` and `pageInfo` for every page, and `first` and `after` for every field that answers one. */
export function withConnections(sdl: string): DocumentNode {
  const document = parse(sdl);
  const pages = new Map<string, string>();
  for (const definition of document.definitions) {
    const item = definition.kind === Kind.OBJECT_TYPE_DEFINITION ? itemOf(definition) : undefined;
    if (item !== undefined) pages.set((definition as ObjectTypeDefinitionNode).name.value, item);
  }
  const extended = visit(document, {
    FieldDefinition: (field) => (pages.has(namedTypeOf(field.type)) ? withRelayArguments(field) : undefined),
  });
  const added = [...pages].map(([page, item]) => {
    const edge = page.replace(/Page$/, 'Edge');
    return `
      extend type ${page} {
        "The items, as Relay's connections have them"
        edges: [${edge}!]!
        pageInfo: PageInfo!
      }
      type ${edge} {
        node: ${item}!
        "Where the list goes on behind this item; known of the last one of a page that is not the last"
        cursor: String
      }`;
  });
  const connections = parse(PAGE_INFO + added.join('\n'), { noLocation: true });
  return { ...extended, definitions: [...extended.definitions, ...connections.definitions] };
}

/** Resolvers of what `withConnections` has added. */
export function resolveConnections(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const { edges, pageInfo } = isObjectType(type) ? type.getFields() : {};
    if (edges === undefined || pageInfo === undefined) continue;
    edges.resolve = ({ items, nextCursor }: Page) =>
      items.map((node, index) => ({ node, cursor: index === items.length - 1 ? nextCursor : null }));
    pageInfo.resolve = ({ nextCursor }: Page) => ({
      hasNextPage: nextCursor !== null,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: nextCursor,
    });
  }
}

/** The arguments as operations and edges know them; what is said in Relay's names is what counts. */
export function withoutRelayNames({ first, after, ...others }: Arguments): Arguments {
  return {
    ...others,
    ...(isGiven(first) ? { limit: first } : {}),
    ...(isGiven(after) ? { cursor: after } : {}),
  };
}

/** An error that names the arguments as the caller has. */
export function inNamesOfCaller(error: unknown, args: Arguments): unknown {
  if (!(error instanceof NovaError) || error.code !== 'invalid_request') return error;
  const renamed = Object.entries(RELAY_NAMES).filter(([relay]) => isGiven(args[relay]));
  if (renamed.length === 0) return error;
  const problems = error.problems.map(({ path, reason }) => ({
    path: renamed.find(([, own]) => own === path)?.[0] ?? path,
    reason,
  }));
  return platformErrors.invalid_request({ problems });
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

function itemOf({ fields = [] }: ObjectTypeDefinitionNode): string | undefined {
  const byName = new Map(fields.map((field) => [field.name.value, field]));
  const items = byName.get('items');
  return items !== undefined && byName.has('nextCursor') ? namedTypeOf(items.type) : undefined;
}

function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

function withRelayArguments(field: FieldDefinitionNode): FieldDefinitionNode {
  const names = new Set(field.arguments?.map(({ name }) => name.value));
  const added = Object.entries(RELAY_NAMES).flatMap(([relay, own]) =>
    names.has(own) ? [optionalArgument(relay, relay === 'first' ? 'Int' : 'String', `Relay's name of ${own}`)] : [],
  );
  return { ...field, arguments: [...(field.arguments ?? []), ...added] };
}

function optionalArgument(name: string, type: string, description: string): InputValueDefinitionNode {
  return {
    kind: Kind.INPUT_VALUE_DEFINITION,
    description: { kind: Kind.STRING, value: description },
    name: { kind: Kind.NAME, value: name },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
  };
}
